import { goQuote } from "../go-quote.ts";
import { JSON_DEPTH_MAX } from "./json-depth.ts";

/** What may come next: a value, a key, the colon behind a key, or what stands behind a value. */
type Expected = "value" | "valueOrEnd" | "key" | "keyOrEnd" | "colon" | "rest";

const SPACE = /[ \t\r\n]*/y;
const DIGITS = /[0-9]*/y;
const END = "unexpected end of JSON input";

/**
 * Says why a text is no JSON as Go's decoder does, which upstream shows to clients: `invalid character '}' looking for
 * beginning of value`. `undefined` for text that is JSON. Time grows with the text's length.
 */
export function jsonSyntaxProblem(text: string): string | undefined {
  const open: ("{" | "[")[] = [];
  let expected: Expected = "value";
  for (let at = behind(SPACE, text, 0); ; at = behind(SPACE, text, at)) {
    const character = text[at];
    if (character === undefined) return expected === "rest" && open.length === 0 ? undefined : END;
    const isEmpty = (expected === "valueOrEnd" && character === "]") || (expected === "keyOrEnd" && character === "}");
    if (isEmpty) {
      open.pop();
      expected = "rest";
      at++;
    } else if (expected === "rest") {
      const next = behindValue(character, open);
      if (next === undefined) return invalid(text, at, afterWhat(open));
      expected = next;
      at++;
    } else if (expected === "colon") {
      if (character !== ":") return invalid(text, at, "after object key");
      expected = "value";
      at++;
    } else if (expected === "value" || expected === "valueOrEnd") {
      if (character === "{" || character === "[") {
        if (open.length === JSON_DEPTH_MAX) return invalid(text, at, "exceeded max depth");
        open.push(character);
        expected = character === "{" ? "keyOrEnd" : "valueOrEnd";
        at++;
      } else {
        const scanned = scalar(text, at);
        if (typeof scanned === "string") return scanned;
        [at, expected] = [scanned, "rest"];
      }
    } else {
      if (character !== '"') return invalid(text, at, "looking for beginning of object key string");
      const scanned = quoted(text, at);
      if (typeof scanned === "string") return scanned;
      [at, expected] = [scanned, "colon"];
    }
  }
}

/** What follows a comma or a closing bracket; `undefined` for another character. Closes what is closed. */
function behindValue(character: string, open: ("{" | "[")[]): Expected | undefined {
  const top = open.at(-1);
  if (character === "," && top !== undefined) return top === "{" ? "key" : "value";
  if (!((top === "{" && character === "}") || (top === "[" && character === "]"))) return undefined;
  open.pop();
  return "rest";
}

function afterWhat(open: readonly ("{" | "[")[]): string {
  const top = open.at(-1);
  if (top === undefined) return "after top-level value";
  return top === "{" ? "after object key:value pair" : "after array element";
}

/** The position behind a value that is no object and no list, or what is wrong with it. */
function scalar(text: string, at: number): number | string {
  const character = text[at] ?? "";
  if (character === '"') return quoted(text, at);
  if (/[-0-9]/.test(character)) return number(text, at);
  const literal = ["true", "false", "null"].find((one) => one.startsWith(character));
  if (literal === undefined) return invalid(text, at, "looking for beginning of value");
  for (let index = 1; index < literal.length; index++) {
    if (text[at + index] !== literal[index]) {
      return invalid(text, at + index, `in literal ${literal} (expecting '${literal[index]}')`);
    }
  }
  return at + literal.length;
}

function quoted(text: string, start: number): number | string {
  for (let at = behindPlain(text, start + 1); ; at = behindPlain(text, at)) {
    if (at === text.length) return END;
    if (text[at] === '"') return at + 1;
    if (text[at] !== "\\") return invalid(text, at, "in string literal");
    const letter = text[at + 1] ?? "";
    if (letter === "" || !'"\\/bfnrtu'.includes(letter)) return invalid(text, at + 1, "in string escape code");
    const end = at + (letter === "u" ? 6 : 2);
    for (at += 2; at < end; at++) {
      if (!/[0-9a-f]/i.test(text[at] ?? "")) return invalid(text, at, "in \\u hexadecimal character escape");
    }
  }
}

/** The position of the next character that is a quote, a backslash or a control character. */
function behindPlain(text: string, start: number): number {
  let at = start;
  while (at < text.length && text[at] !== '"' && text[at] !== "\\" && text.charCodeAt(at) >= 0x20) at++;
  return at;
}

function number(text: string, start: number): number | string {
  let at = text[start] === "-" ? start + 1 : start;
  if (!/[0-9]/.test(text[at] ?? "")) return invalid(text, at, "in numeric literal");
  at = text[at] === "0" ? at + 1 : behind(DIGITS, text, at);
  if (text[at] === ".") {
    at++;
    if (!/[0-9]/.test(text[at] ?? "")) return invalid(text, at, "after decimal point in numeric literal");
    at = behind(DIGITS, text, at);
  }
  if (text[at] !== "e" && text[at] !== "E") return at;
  at += text[at + 1] === "+" || text[at + 1] === "-" ? 2 : 1;
  if (!/[0-9]/.test(text[at] ?? "")) return invalid(text, at, "in exponent of numeric literal");
  return behind(DIGITS, text, at);
}

function behind(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.exec(text);
  return pattern.lastIndex;
}

/** Go reads bytes: of a character of several, it shows the first. Behind the end it sees a space. */
function invalid(text: string, at: number, context: string): string {
  const code = text.codePointAt(at) ?? 0x20;
  const byte = new TextEncoder().encode(String.fromCodePoint(code))[0] ?? 0;
  const character = String.fromCharCode(byte);
  const shown = character === "'" ? "\\'" : character === '"' ? '"' : goQuote(character).slice(1, -1);
  return `invalid character '${shown}' ${context}`;
}
