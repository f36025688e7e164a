import type { ExpressionProblem } from "./expression.ts";

/** Returns what is wrong with an expression, with the line where it is, as cel-go shows it. */
export function problemText(text: string, problem: ExpressionProblem): string {
  return [problem, ...problem.more]
    .sort((a, b) => a.at - b.at)
    .slice(0, SHOWN_MAX)
    .map((one) => shownProblem(text, one))
    .join("\n");
}

/** Most problems that are shown. */
const SHOWN_MAX = 100;

function shownProblem(text: string, { message, at }: ExpressionProblem): string {
  if (at < 0) return `ERROR: <input>:-1:0: ${message}`;
  const before = text.slice(0, at).split("\n");
  const column = [...(before.at(-1) ?? "")].length;
  const line = (text.split("\n")[before.length - 1] ?? "").replaceAll("\t", " ");
  return `ERROR: <input>:${before.length}:${column + 1}: ${message}\n | ${line}\n | ${".".repeat(column)}^`;
}
