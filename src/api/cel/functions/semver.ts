import { EvaluationProblem } from "../evaluation-problem.ts";
import { BOOL, INT, opaque, STRING } from "../type.ts";
import { Opaque } from "../value.ts";
import { fn, member, type Overload } from "./overload.ts";

const TYPE = "kubernetes.Semver";
const SEMVER = opaque(TYPE);
const UINT64_MAX = 2n ** 64n - 1n;

/** A version by https://semver.org. What was built is not compared. */
interface Version {
  readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint];
  readonly pre: readonly string[];
}

function parse(text: string): Version | undefined {
  const number = "(0|[1-9]\\d*)";
  const identifiers = "([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)";
  const match = new RegExp(`^${number}\\.${number}\\.${number}(?:-${identifiers})?(?:\\+${identifiers})?$`).exec(text);
  if (match === null) return undefined;
  const [, major = "", minor = "", patch = "", pre = ""] = match;
  const parts = pre === "" ? [] : pre.split(".");
  const numbers = [BigInt(major), BigInt(minor), BigInt(patch)] as const;
  const isTooLarge = numbers.some((one) => one > UINT64_MAX);
  return isTooLarge || parts.some((part) => /^0\d+$/.test(part)) ? undefined : { numbers, pre: parts };
}

/** Without a leading `v`, with all three numbers, and those without leading zeros. */
function normalized(text: string): string | undefined {
  const [major = "", minor, ...rest] = text.replace(/^v/, "").split(".");
  const parts = [major, ...(minor === undefined ? [] : [minor]), ...(rest.length === 0 ? [] : [rest.join(".")])].map(
    (part) => (part.length > 1 ? part.replace(/^0+(?=\d)/, "").replace(/^0*$/, "0") : part),
  );
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? "")) return undefined;
  return [...parts, "0", "0"].slice(0, 3).join(".");
}

function versionOf(text: string, normalizes: boolean): Version | undefined {
  const written = normalizes ? normalized(text) : text;
  return written === undefined ? undefined : parse(written);
}

function semver(text: string, normalizes = false): Opaque {
  const version = versionOf(text, normalizes);
  if (version === undefined) throw new EvaluationProblem(`invalid semantic version ${JSON.stringify(text)}`);
  return new Opaque(TYPE, version, JSON.stringify([version.numbers.map(String), version.pre]));
}

const versionIn = ({ content }: Opaque) => content as Version;

function compare(a: Opaque, b: Opaque): number {
  const [left, right] = [versionIn(a), versionIn(b)];
  for (const [index, number] of left.numbers.entries()) {
    const other = right.numbers[index] ?? 0n;
    if (number !== other) return number < other ? -1 : 1;
  }
  // A version comes after its preliminary ones.
  if (left.pre.length === 0 || right.pre.length === 0) return Math.sign(right.pre.length - left.pre.length);
  for (let index = 0; index < Math.min(left.pre.length, right.pre.length); index++) {
    const order = comparePart(left.pre[index] ?? "", right.pre[index] ?? "");
    if (order !== 0) return order;
  }
  return Math.sign(left.pre.length - right.pre.length);
}

function comparePart(a: string, b: string): number {
  const [left, right] = [a, b].map((part) => (/^\d+$/.test(part) ? BigInt(part) : undefined));
  if (left !== undefined && right !== undefined) return left === right ? 0 : left < right ? -1 : 1;
  if (left !== undefined) return -1;
  if (right !== undefined) return 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

const number = (index: 0 | 1 | 2) => (version: Opaque) => versionIn(version).numbers[index];

/** Semantic versions. Source: k8s.io/apiserver/pkg/cel/library/semverlib.go. */
export const semvers: readonly (readonly [string, readonly Overload[]])[] = [
  [
    "semver",
    [
      fn("string_to_semver", [STRING], SEMVER, (text: string) => semver(text)),
      fn("string_bool_to_semver", [STRING, BOOL], SEMVER, semver),
    ],
  ],
  [
    "isSemver",
    [
      fn("is_semver_string", [STRING], BOOL, (text: string) => versionOf(text, false) !== undefined),
      fn(
        "is_semver_string_bool",
        [STRING, BOOL],
        BOOL,
        (text: string, normalizes: boolean) => versionOf(text, normalizes) !== undefined,
      ),
    ],
  ],
  ["major", [member("semver_major", [SEMVER], INT, number(0))]],
  ["minor", [member("semver_minor", [SEMVER], INT, number(1))]],
  ["patch", [member("semver_patch", [SEMVER], INT, number(2))]],
  [
    "isGreaterThan",
    [member("semver_is_greater_than", [SEMVER, SEMVER], BOOL, (a: Opaque, b: Opaque) => compare(a, b) > 0)],
  ],
  ["isLessThan", [member("semver_is_less_than", [SEMVER, SEMVER], BOOL, (a: Opaque, b: Opaque) => compare(a, b) < 0)]],
  ["compareTo", [member("semver_compare_to", [SEMVER, SEMVER], INT, (a: Opaque, b: Opaque) => BigInt(compare(a, b)))]],
];
