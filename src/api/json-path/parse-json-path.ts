/** One step of a path. Each takes the values that the one before found. */
export type PathStep =
  | { readonly type: "field"; readonly name: string }
  | { readonly type: "wildcard" }
  | { readonly type: "recursive" }
  /** `to` is left out for the end of the list, `step` for every item. */
  | {
      readonly type: "slice";
      readonly from: number;
      readonly to?: number | undefined;
      readonly step?: number | undefined;
    }
  | { readonly type: "union"; readonly paths: readonly JsonPath[] }
  | { readonly type: "filter"; readonly left: JsonPath; readonly compared?: Comparison }
  | { readonly type: "constant"; readonly value: string | number | boolean };

/** The other half of a filter that compares. */
export interface Comparison {
  readonly operator: string;
  readonly right: JsonPath;
}

export type JsonPath = readonly PathStep[];

/** The text is no path. Caught in {@link parseJsonPath}. */
class PathProblem extends Error {
  override readonly name = "PathProblem";
}

/** How deep unions and filters may lie in one another. */
const DEPTH_MAX = 16;
const TERMINATORS = " \t\r\n.,[]$@{}";

/**
 * Parses a path as kubectl and printer columns have it: `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`.
 *
 * Source: https://kubernetes.io/docs/reference/kubectl/jsonpath/ and k8s.io/client-go/util/jsonpath.
 */
export function parseJsonPath(text: string): JsonPath | { readonly error: string } {
  try {
    return stepsOf(text, 0);
  } catch (error) {
    if (error instanceof PathProblem) return { error: error.message };
    throw error;
  }
}

interface Scanned {
  readonly steps: PathStep[];
  /** Where the scan goes on. */
  readonly at: number;
}

function stepsOf(text: string, depth: number): JsonPath {
  if (depth > DEPTH_MAX) throw new PathProblem("nested too deep");
  const steps: PathStep[] = [];
  for (let at = 0; at < text.length; ) {
    const scanned = scanStep(text, at, { depth, last: steps.at(-1) });
    steps.push(...scanned.steps);
    at = scanned.at;
  }
  return steps;
}

function scanStep(
  text: string,
  at: number,
  { depth, last }: { readonly depth: number; readonly last: PathStep | undefined },
): Scanned {
  const character = text[at] ?? "";
  if (text.startsWith("[?(", at)) return scanFilter(text, at, depth);
  if (text.startsWith("..", at)) {
    if (last?.type === "recursive") throw new PathProblem("invalid multiple recursive descent");
    const scanned = { steps: [{ type: "recursive" as const }], at: at + 2 };
    if (!/[\p{L}\p{Nd}_]/u.test(text[at + 2] ?? "")) return scanned;
    const field = scanField(text, at + 2);
    return { steps: [...scanned.steps, ...field.steps], at: field.at };
  }
  if (character === " " || character === "@" || character === "$") return { steps: [], at: at + 1 };
  if (character === ".") return scanField(text, at + 1);
  if (character === "[") return scanArray(text, at, depth);
  if (character === '"' || character === "'") return scanQuoted(text, at);
  const number = /^[+-]?[\d.]*/.exec(text.slice(at))?.[0] ?? "";
  if (number !== "") return { steps: [constant(numberOf(number))], at: at + number.length };
  const word = /^[\p{L}\p{Nd}_][^ \t\r\n.,[\]$@{}]*/u.exec(text.slice(at))?.[0];
  if (word === "true" || word === "false") return { steps: [constant(word === "true")], at: at + word.length };
  throw new PathProblem(
    word === undefined ? `unrecognized character in action: ${character}` : `unrecognized identifier ${word}`,
  );
}

function constant(value: string | number | boolean): PathStep {
  return { type: "constant", value };
}

function numberOf(text: string): number {
  const value = Number(text);
  if (Number.isNaN(value) || text === "") throw new PathProblem(`cannot parse number ${text}`);
  return value;
}

/** A name, in which a backslash takes the meaning of the character behind it: `app\.kubernetes\.io/name`. */
function scanField(text: string, from: number): Scanned {
  let at = from;
  while (at < text.length && !TERMINATORS.includes(text[at] ?? "")) at += text[at] === "\\" ? 2 : 1;
  const raw = text.slice(from, at);
  const step: PathStep = raw === "*" ? { type: "wildcard" } : { type: "field", name: raw.replaceAll("\\", "") };
  return { steps: [step], at: Math.min(at, text.length) };
}

function scanQuoted(text: string, from: number): Scanned {
  const [quoted] = /^(["'])(?:[^\\\n]|\\.)*?\1/.exec(text.slice(from)) ?? [];
  if (quoted === undefined) throw new PathProblem("unterminated quoted string");
  return { steps: [constant(quoted.slice(1, -1).replace(/\\(.)/g, "$1"))], at: from + quoted.length };
}

function scanArray(text: string, from: number, depth: number): Scanned {
  const end = text.indexOf("]", from);
  if (end < 0) throw new PathProblem("unterminated array");
  const inner = text.slice(from + 1, end);
  const at = end + 1;
  const parts = inner.split(",");
  if (parts.length > 1) {
    const paths = parts.map((part) => stepsOf(`[${part.trim()}]`, depth + 1));
    return { steps: [{ type: "union", paths }], at };
  }
  const key = /^'([^']*)'$/.exec(inner)?.[1];
  if (key !== undefined) return { steps: [...stepsOf(`.${key}`, depth + 1)], at };
  return { steps: [sliceOf(inner === "*" ? ":" : inner)], at };
}

function sliceOf(text: string): PathStep {
  const match = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text);
  if (match === null) throw new PathProblem(`invalid array index ${text}`);
  const [, first = "", second, third] = match;
  const from = first === "" ? 0 : numberOf(first);
  const bound = (part: string | undefined) =>
    part === undefined || part === ":" ? undefined : numberOf(part.slice(1));
  // One item is a slice up to the next one. Behind the last one, that is the end.
  const to = second !== undefined ? bound(second) : from === -1 ? undefined : from + 1;
  return { type: "slice", from, to, step: bound(third) };
}

function scanFilter(text: string, from: number, depth: number): Scanned {
  const end = endOfFilter(text, from + 3);
  if (text[end + 1] !== "]") throw new PathProblem("unclosed array expect ]");
  const inner = text.slice(from + 3, end);
  const [, left, operator, right] = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(inner) ?? [];
  const at = end + 2;
  if (left === undefined || operator === undefined || right === undefined) {
    return { steps: [{ type: "filter", left: stepsOf(inner, depth + 1) }], at };
  }
  const compared = { operator, right: stepsOf(right, depth + 1) };
  return { steps: [{ type: "filter", left: stepsOf(left, depth + 1), compared }], at };
}

/** Returns the place of the parenthesis that ends a filter: one in quotes does not. */
function endOfFilter(text: string, from: number): number {
  let quote = "";
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? "";
    if (quote === "" && character === ")") return at;
    if (quote === "" && (character === '"' || character === "'")) quote = character;
    else if (character === quote && text[at - 1] !== "\\") quote = "";
  }
  throw new PathProblem("unterminated filter");
}
