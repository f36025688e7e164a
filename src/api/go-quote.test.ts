import assert from "node:assert/strict";
import { test } from "node:test";
import { goQuote } from "./go-quote.ts";

/** What `strconv.Quote` makes of each text. */
const rows: readonly (readonly [name: string, text: string, want: string])[] = [
  ["plain text", "web-1", '"web-1"'],
  ["quotes and backslashes", 'a"b\\c', '"a\\"b\\\\c"'],
  ["line breaks and tabs", "a\n\t\r\v\f\b\x07", '"a\\n\\t\\r\\v\\f\\b\\a"'],
  ["NUL, escape and delete", "\0\x1b\x7f", '"\\x00\\x1b\\x7f"'],
  ["letters of other scripts and symbols", "käse 😀", '"käse 😀"'],
  ["control characters beyond ASCII", "\x85\u00a0", '"\\u0085\\u00a0"'],
  ["characters that show nothing", "\u200b\u2028\u{e0001}", '"\\u200b\\u2028\\U000e0001"'],
];

for (const [name, text, want] of rows) test(`goQuote: ${name}`, () => assert.equal(goQuote(text), want));
