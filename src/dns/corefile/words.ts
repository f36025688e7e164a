import { CorefileError } from "./corefile-error.ts";

/** A word of a Corefile. */
export interface Word {
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** Written in quotation marks: a brace or a comment sign in it has no meaning. */
  readonly isQuoted: boolean;
  /** Nothing stands before it on its line. */
  readonly isFirst: boolean;
}

/** Values of `{$NAME}` and `{%NAME%}` in a Corefile, by name. */
export type Environment = Readonly<Record<string, string>>;

const VARIABLE = /\{\$([^}\s]+)\}|\{%([^%}\s]+)%\}/g;
/** White space, a comment up to the end of its line, a quoted word, a word. A comment begins a word. */
const PART = /(\s+)|(#[^\n]*)|"((?:[^"\\]|\\[\s\S])*)"|([^\s]+)/y;

/**
 * Splits a Corefile into words, as Caddy's lexer does: at white space; `"several words"` are one, in which `\"` is a
 * quotation mark; `#` begins a comment.
 *
 * @throws {CorefileError} for a quotation without an end, and for a variable that is not set.
 */
export function wordsOf(text: string, environment: Environment): readonly Word[] {
  const words: Word[] = [];
  let line = 1;
  let isFirst = true;
  PART.lastIndex = 0;
  for (let at = 0; at < text.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const part = PART.exec(text);
    if (part === null) break;
    const [whole, space, comment, quoted, word] = part;
    if (word?.startsWith('"') === true) throw new CorefileError(line, "a quotation has no end");
    if (space === undefined && comment === undefined) {
      const value = quoted === undefined ? (word ?? "") : quoted.replaceAll('\\"', '"');
      words.push({ text: substituted(value, line, environment), line, isQuoted: quoted !== undefined, isFirst });
      isFirst = false;
    }
    const breaks = whole.split("\n").length - 1;
    if (space !== undefined && breaks > 0) isFirst = true;
    line += breaks;
  }
  return words;
}

function substituted(text: string, line: number, environment: Environment): string {
  return text.replaceAll(VARIABLE, (_, dollar: string | undefined, percent: string | undefined) => {
    const name = dollar ?? percent ?? "";
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined) {
      const known = Object.keys(environment).sort().join(", ");
      throw new CorefileError(line, `the variable "${name}" is not set: set are ${known || "none"}`);
    }
    return value;
  });
}
