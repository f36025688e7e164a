import type { RewriteRule } from "../../config/rewrite-name.ts";
import { CorefileError } from "../corefile-error.ts";
import { namePattern, unsupported } from "../values.ts";
import type { ReadPlugin } from "./plugin.ts";

/** `rewrite [continue|stop] name [exact|prefix|suffix|substring|regex] FROM TO [answer auto | answer name FROM TO]`, also in a block. */
export const readRewrite: ReadPlugin = ({ args, options, line }, { rewrites }) => {
  const next = args[0] === "continue" || args[0] === "stop" ? args[0] : undefined;
  // In a block each line is a part of the one rule.
  const words = [
    ...args.slice(next === undefined ? 0 : 1),
    ...options.flatMap(({ name, args: more }) => [name, ...more]),
  ];
  const [field, ...rest] = words;
  if (field === undefined) throw new CorefileError(line, "rewrite needs a rule");
  if (field !== "name")
    throw unsupported(`rewrite of "${field}"`, line, "remove it: names are rewritten, by rewrite name");
  return { rewrites: [...rewrites, { ...nameRule(rest, line), next: next ?? "stop" }] };
};

function nameRule(words: readonly string[], line: number): Omit<RewriteRule, "next"> {
  if (words.length < 2) throw new CorefileError(line, "rewrite name needs FROM and TO");
  const [type = "", from = "", to = ""] = words.length === 2 ? ["exact", ...words] : words;
  const answers = answerRules(words.slice(3), line);
  switch (type) {
    case "exact":
    case "suffix":
      return { from: { type, text: withDot(from) }, to: withDot(to), ...answers };
    case "prefix":
    case "substring":
      return { from: { type, text: from.toLowerCase() }, to: to.toLowerCase(), ...answers };
    case "regex": {
      const pattern = namePattern(from, line);
      checkGroups(to, pattern.groups, line);
      return { from: { type, pattern }, to: to.toLowerCase(), ...answers };
    }
    default:
      throw new CorefileError(
        line,
        `"${type}" is no way to match a name: write exact, prefix, suffix, substring or regex`,
      );
  }
}

function answerRules(words: readonly string[], line: number): Pick<RewriteRule, "answerAuto" | "answerNames"> {
  let answerAuto = false;
  const answerNames: { pattern: RewriteRule["answerNames"][number]["pattern"]; to: string }[] = [];
  const left = [...words];
  while (left.length > 0) {
    if (left.shift() !== "answer")
      throw new CorefileError(line, "rewrite name FROM TO is followed by answer or nothing");
    const type = left.shift();
    if (type === "auto") {
      answerAuto = true;
      continue;
    }
    if (type !== "name")
      throw unsupported(`rewrite with "answer ${type ?? ""}"`, line, "use answer auto or answer name");
    const [from, to] = left.splice(0, 2);
    if (from === undefined || to === undefined) throw new CorefileError(line, "answer name needs FROM and TO");
    const pattern = namePattern(from, line);
    checkGroups(to, pattern.groups, line);
    answerNames.push({ pattern, to: to.toLowerCase() });
  }
  if (answerAuto && answerNames.length > 0)
    throw new CorefileError(line, "answer auto and answer name exclude one another");
  return { answerAuto, answerNames };
}

function withDot(text: string): string {
  return text.endsWith(".") ? text.toLowerCase() : `${text.toLowerCase()}.`;
}

function checkGroups(to: string, groups: number, line: number): void {
  for (const [reference, number] of to.matchAll(/\{(\d+)\}/g)) {
    if (Number(number) > groups) throw new CorefileError(line, `"${reference}" has no group in the regular expression`);
  }
}
