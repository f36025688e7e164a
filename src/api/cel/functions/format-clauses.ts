import { EvaluationProblem } from "../evaluation-problem.ts";
import type { CelType } from "../type.ts";

/** A place in a format at which an argument stands: `%.2f`. */
export interface FormatClause {
  readonly verb: string;
  /** Digits behind the point, as written. */
  readonly precision?: string;
}

/** What a verb takes. */
interface VerbArguments {
  readonly kinds: ReadonlySet<CelType["kind"]>;
  /** Begins the message about another argument. */
  readonly message: string;
}

const kinds = (names: string) => new Set(names.split(" ")) as ReadonlySet<CelType["kind"]>;
const DOUBLES = { kinds: kinds("double string"), message: "clause can only be used on doubles" };
const HEX = {
  kinds: kinds("int uint string bytes"),
  message: "only integers, byte buffers, and strings can be formatted as hex",
};

const VERBS: Readonly<Record<string, VerbArguments>> = {
  s: {
    kinds: kinds("string bool bytes int uint double map list type duration timestamp null"),
    message:
      "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, and timestamps",
  },
  d: { kinds: kinds("int uint"), message: "decimal clause can only be used on integers" },
  f: { ...DOUBLES, message: `fixed-point ${DOUBLES.message}` },
  e: { ...DOUBLES, message: `scientific ${DOUBLES.message}` },
  b: { kinds: kinds("int uint bool"), message: "only integers and bools can be formatted as binary" },
  x: HEX,
  X: HEX,
  o: { kinds: kinds("int uint"), message: "octal clause can only be used on integers" },
};

/**
 * Splits a format into texts and clauses. Each clause needs an argument of its own.
 *
 * @throws {EvaluationProblem} for a clause that is none, or has no argument.
 * Source: `parseFormatString` of ext/formatting.go of cel-go.
 */
export function formatParts(format: string, argumentCount: number): readonly (string | FormatClause)[] {
  const parts: (string | FormatClause)[] = [];
  let clauses = 0;
  for (const [text, precision, verb = ""] of format.matchAll(/%%|%(?:\.(\d*))?(.?)|[^%]+/gsu)) {
    if (text === "%%") parts.push("%");
    else if (!text.startsWith("%")) parts.push(text);
    else {
      if (text === "%") throw new EvaluationProblem("unexpected end of string");
      if (clauses >= argumentCount) throw new EvaluationProblem(`index ${clauses} out of range`);
      parts.push(clauseOf(verb, precision));
      clauses++;
    }
  }
  return parts;
}

function clauseOf(verb: string, precision: string | undefined): FormatClause {
  const problem =
    precision !== undefined && verb === ""
      ? "error while parsing precision: could not find end of precision specifier"
      : precision === ""
        ? 'error while parsing precision: error while converting precision to integer: strconv.Atoi: parsing "": invalid syntax'
        : Object.hasOwn(VERBS, verb)
          ? undefined
          : `unrecognized formatting clause "${verb}"`;
  if (problem !== undefined) throw new EvaluationProblem(`could not parse formatting clause: ${problem}`);
  return precision === undefined ? { verb } : { verb, precision };
}

/** Returns whether a verb takes values of a kind. */
export function verbTakes({ verb }: FormatClause, kind: CelType["kind"]): boolean {
  return kind === "dyn" || kind === "param" || VERBS[verb]?.kinds.has(kind) === true;
}

/** Returns the error for an argument that a verb does not take. */
export function wrongFormatArgument({ verb }: FormatClause, typeName: string): string {
  return `error during formatting: ${VERBS[verb]?.message}, was given ${typeName}`;
}
