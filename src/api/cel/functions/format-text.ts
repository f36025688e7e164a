import { EvaluationProblem } from "../evaluation-problem.ts";
import {
  type CelValue,
  Duration,
  isCelList,
  isCelMap,
  kindOf,
  Optional,
  Timestamp,
  TypeValue,
  typeNameOf,
  Uint,
} from "../value.ts";
import { doubleText } from "./conversions.ts";
import { type FormatClause, formatParts, verbTakes, wrongFormatArgument } from "./format-clauses.ts";
import { timeText } from "./time.ts";

const PRECISION_DEFAULT = 6;
/** More digits say nothing of a double, and cost memory. */
const PRECISION_MAX = 1_000;
const NANOS = 1_000_000_000;

/**
 * Fills the arguments into a text: `"%s is %d".format(["a", 1])`.
 *
 * @throws {EvaluationProblem} for a clause that is none, or does not fit its argument.
 * Source: ext/formatting.go of cel-go.
 */
export function formatText(text: string, args: readonly CelValue[]): string {
  let used = 0;
  return formatParts(text, args.length)
    .map((part) => {
      if (typeof part === "string") return part;
      const argument = args[used] ?? null;
      used++;
      return clauseText(part, argument);
    })
    .join("");
}

function clauseText(clause: FormatClause, value: CelValue): string {
  const { verb, precision } = clause;
  if (!verbTakes(clause, kindOf(value))) throw wrongArgument(clause, value);
  switch (verb) {
    case "d":
      return String(integerOf(value));
    case "f":
      return fractionText(value, precisionOf(precision), false);
    case "e":
      return fractionText(value, precisionOf(precision), true);
    case "b":
      return typeof value === "boolean" ? String(Number(value)) : baseText(value, 2);
    case "o":
      return baseText(value, 8);
    case "x":
    case "X":
      return hexText(value, verb === "X");
    default:
      return plainText(value);
  }
}

function precisionOf(text: string | undefined): number {
  const precision = text === undefined || text === "" ? PRECISION_DEFAULT : Number(text);
  if (precision > PRECISION_MAX) throw new EvaluationProblem(`precision ${precision} is too large`);
  return precision;
}

function integerOf(value: CelValue): bigint | undefined {
  if (typeof value === "bigint") return value;
  return value instanceof Uint ? value.value : undefined;
}

function wrongArgument(clause: FormatClause, value: CelValue): EvaluationProblem {
  return new EvaluationProblem(wrongFormatArgument(clause, typeNameOf(value)));
}

/** NaN and infinity as texts; `undefined` for numbers. */
function specialText(value: number): string | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (Number.isFinite(value)) return undefined;
  return value > 0 ? "Infinity" : "-Infinity";
}

function fractionText(value: CelValue, precision: number, isScientific: boolean): string {
  // Only the texts of what is no number are taken.
  if (typeof value === "string") {
    if (["NaN", "Infinity", "-Infinity"].includes(value)) return value;
    throw wrongArgument({ verb: isScientific ? "e" : "f" }, value);
  }
  const number = Number(value);
  const special = specialText(number);
  if (special !== undefined) return special;
  // Both functions of JavaScript take at most 100 digits.
  const digits = Math.min(precision, 100);
  const zeros = "0".repeat(precision - digits);
  if (!isScientific) return number.toFixed(digits) + zeros;
  const [mantissa = "", exponent = ""] = number.toExponential(digits).split("e");
  return `${mantissa}${zeros}×10${superscript(exponent)}`;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** `+2` as `⁰²`. An exponent has at least two digits. */
function superscript(exponent: string): string {
  const digits = exponent.slice(1).padStart(2, "0");
  return (exponent.startsWith("-") ? "⁻" : "") + digits.replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)] ?? "");
}

function baseText(value: CelValue, base: number): string {
  return integerOf(value)?.toString(base) ?? "";
}

function hexText(value: CelValue, isUpper: boolean): string {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  const text = bytes instanceof Uint8Array ? Buffer.from(bytes).toString("hex") : baseText(value, 16);
  return isUpper ? text.toUpperCase() : text;
}

function plainText(value: CelValue): string {
  if (typeof value === "string") return value;
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return specialText(value) ?? doubleText(value);
  const integer = integerOf(value);
  if (integer !== undefined) return String(integer);
  if (isCelList(value)) return `[${value.map(plainText).join(", ")}]`;
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Timestamp) return timeText(value);
  if (value instanceof Duration) return `${doubleText(Number(value.nanos) / NANOS)}s`;
  if (value instanceof TypeValue) return value.typeName;
  if (value instanceof Optional || typeof value === "bigint" || value instanceof Uint) return noText(value);
  return isCelMap(value) ? mapText(value) : value.text;
}

function noText(value: CelValue): never {
  throw wrongArgument({ verb: "s" }, value);
}

function mapText(map: Extract<CelValue, { readonly isMap: true }>): string {
  const entries = map.keys().map((key) => `${plainText(key)}: ${plainText(map.get(key) ?? null)}`);
  return `{${entries.sort().join(", ")}}`;
}
