import { ExpressionProblem } from "./expression.ts";

/** A part of the text of an expression that has a meaning of its own. */
export interface Token {
  readonly kind: "int" | "uint" | "double" | "string" | "bytes" | "identifier" | "word" | "sign" | "end";
  readonly text: string;
  /** Offset in the text, in UTF-16 units. */
  readonly at: number;
}

/** Identifiers that are part of the grammar. */
const WORDS: ReadonlySet<string> = new Set(["true", "false", "null", "in"]);

const ESCAPE = String.raw`\\(?:[abfnrtv"'\\?\x60]|[0-3][0-7][0-7]|[xX][\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})`;
/** Texts in quotes, the longest quotes first. */
const TEXTS = [
  `[rR]"""[^]*?"""`,
  "[rR]'''[^]*?'''",
  String.raw`[rR]"[^"\n\r]*"`,
  String.raw`[rR]'[^'\n\r]*'`,
  String.raw`"""(?:${ESCAPE}|[^\\])*?"""`,
  String.raw`'''(?:${ESCAPE}|[^\\])*?'''`,
  String.raw`"(?:${ESCAPE}|[^\\"\n\r])*"`,
  String.raw`'(?:${ESCAPE}|[^\\'\n\r])*'`,
].join("|");

const SHAPES: readonly (readonly [kind: Token["kind"] | "space", shape: RegExp])[] = [
  ["space", /(?:[\t \r\n\f]|\/\/[^\n]*)+/y],
  ["bytes", new RegExp(`[bB](?:${TEXTS})`, "y")],
  ["string", new RegExp(TEXTS, "y")],
  ["double", /(?:\d+\.\d+|\.\d+)(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+/y],
  ["uint", /(?:0x[\da-fA-F]+|\d+)[uU]/y],
  ["int", /0x[\da-fA-F]+|\d+/y],
  ["identifier", /[a-zA-Z_][a-zA-Z0-9_]*/y],
  ["sign", /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y],
];

/**
 * Splits the text of an expression. The last token is its end.
 *
 * @throws {ExpressionProblem} for a character that starts no token.
 * Source: the lexer rules of parser/gen/CEL.g4 of cel-go.
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const [kind, length] = shapeAt(text, at);
    const found = text.slice(at, at + length);
    if (kind !== "space") tokens.push({ kind: WORDS.has(found) ? "word" : kind, text: found, at });
    at += length;
  }
  tokens.push({ kind: "end", text: "<EOF>", at });
  return tokens;
}

function shapeAt(text: string, at: number): readonly [kind: Token["kind"] | "space", length: number] {
  for (const [kind, shape] of SHAPES) {
    shape.lastIndex = at;
    const [found] = shape.exec(text) ?? [];
    if (found !== undefined) return [kind, found.length];
  }
  const [quote] = /^["']/.exec(text.slice(at)) ?? [];
  const [wrong = ""] =
    quote === undefined ? [String.fromCodePoint(text.codePointAt(at) ?? 0)] : [text.slice(at).split("\n")[0]];
  throw new ExpressionProblem(`Syntax error: token recognition error at: '${wrong}'`, at);
}
