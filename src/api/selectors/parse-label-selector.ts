import { goQuote } from "../go-quote.ts";
import { labelKeyProblems, labelValueProblems } from "../names.ts";
import type { Token, TokenType } from "./label-selector-lexer.ts";
import { labelSelectorTokens } from "./label-selector-lexer.ts";
import type { Requirement, RequirementOperator } from "./requirement.ts";
import { isInteger } from "./requirement.ts";

/** The conditions of a selector's text, by key; or why it is none, in upstream's words. */
export type ParsedLabelSelector =
  | { readonly requirements: readonly Requirement[]; readonly error?: undefined }
  | { readonly error: string };

const OPERATORS: Partial<Record<TokenType, RequirementOperator>> = {
  "=": "In",
  "==": "In",
  in: "In",
  "!=": "NotIn",
  notin: "NotIn",
  ">": "Gt",
  "<": "Lt",
};

/** Ends the parsing. Caught in {@link parseLabelSelector}; never leaves this file. */
class BadSelector extends Error {
  override readonly name = "BadSelector";
}

/** Parses a label selector as kubectl's `-l` takes it: `app=quote,tier in (a,b),!canary`. Empty text selects everything. */
export function parseLabelSelector(text: string): ParsedLabelSelector {
  try {
    const requirements = parseAll({ tokens: labelSelectorTokens(text), at: 0 });
    return { requirements: requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)) };
  } catch (error) {
    if (error instanceof BadSelector) return { error: error.message };
    throw error;
  }
}

interface Cursor {
  readonly tokens: readonly Token[];
  at: number;
}

function peek(cursor: Cursor): Token {
  return cursor.tokens[cursor.at] ?? { type: "end", text: "" };
}

function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.at++;
  return token;
}

/** In the place of a key or value, `in` and `notin` are words like any other. */
function isWord({ type }: Token): boolean {
  return type === "identifier" || type === "in" || type === "notin";
}

function parseAll(cursor: Cursor): Requirement[] {
  const requirements: Requirement[] = [];
  while (peek(cursor).type !== "end") {
    const first = peek(cursor);
    if (!isWord(first) && first.type !== "!") {
      throw new BadSelector(`found '${first.text}', expected: !, identifier, or 'end of string'`);
    }
    requirements.push(parseRequirement(cursor));
    const separator = take(cursor);
    if (separator.type === "end") break;
    if (separator.type !== ",") throw new BadSelector(`found '${separator.text}', expected: ',' or 'end of string'`);
    const next = peek(cursor);
    if (!isWord(next) && next.type !== "!") {
      throw new BadSelector(`found '${next.text}', expected: identifier after ','`);
    }
  }
  return requirements;
}

function parseRequirement(cursor: Cursor): Requirement {
  const negated = peek(cursor).type === "!";
  if (negated) take(cursor);
  const key = take(cursor);
  if (!isWord(key)) throw requirementError(`found '${key.text}', expected: identifier`);
  const problems = labelKeyProblems(key.text);
  if (problems.length > 0) throw requirementError(`<nil>: Invalid value: ${goQuote(key.text)}: ${problems.join("; ")}`);

  if (negated) return { key: key.text, operator: "DoesNotExist", values: [] };
  const next = peek(cursor).type;
  if (next === "end" || next === ",") return { key: key.text, operator: "Exists", values: [] };
  return parseComparison(cursor, key.text);
}

function parseComparison(cursor: Cursor, key: string): Requirement {
  const sign = take(cursor);
  const operator = OPERATORS[sign.type];
  if (operator === undefined) {
    throw requirementError(`found '${sign.text}', expected: in, notin, =, ==, !=, gt, lt`);
  }
  const values = sign.type === "in" || sign.type === "notin" ? parseValues(cursor) : [parseExactValue(cursor)];
  checkValues(key, operator, values);
  return { key, operator, values };
}

function parseExactValue(cursor: Cursor): string {
  const next = peek(cursor);
  if (next.type === "end" || next.type === ",") return "";
  const value = take(cursor);
  if (!isWord(value)) throw requirementError(`found '${value.text}', expected: identifier`);
  return value.text;
}

/** `(a,b)`; nothing between two separators is an empty value. */
function parseValues(cursor: Cursor): string[] {
  const open = take(cursor);
  if (open.type !== "(") throw requirementError(`found '${open.text}' expected: '('`);
  const values = new Set<string>();
  for (;;) {
    values.add(isWord(peek(cursor)) ? take(cursor).text : "");
    const separator = take(cursor);
    if (separator.type === ")") return [...values].sort();
    if (separator.type !== ",") throw requirementError(`found '${separator.text}', expected: ',' or ')'`);
  }
}

function checkValues(key: string, operator: RequirementOperator, values: readonly string[]): void {
  const isNumeric = operator === "Gt" || operator === "Lt";
  for (const [index, value] of values.entries()) {
    const shown = goQuote(value);
    if (isNumeric && !isInteger(value)) {
      throw requirementError(
        `values[${index}]: Invalid value: ${shown}: for 'Gt', 'Lt' operators, the value must be an integer`,
      );
    }
    const problems = labelValueProblems(value);
    if (problems.length > 0) {
      throw requirementError(`values[${index}][${key}]: Invalid value: ${shown}: ${problems.join("; ")}`);
    }
  }
}

function requirementError(detail: string): BadSelector {
  return new BadSelector(`unable to parse requirement: ${detail}`);
}
