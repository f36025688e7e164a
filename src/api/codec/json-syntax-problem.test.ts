import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonSyntaxProblem } from "./json-syntax-problem.ts";

/** What Go's `json.Unmarshal` says of each text; empty for JSON. */
const rows: readonly (readonly [text: string, want: string])[] = [
  ["", "unexpected end of JSON input"],
  ['{"a":{', "unexpected end of JSON input"],
  ['"a', "unexpected end of JSON input"],
  ["tru", "invalid character ' ' in literal true (expecting 'e')"],
  ["-", "invalid character ' ' in numeric literal"],
  ['"\\', "invalid character ' ' in string escape code"],
  ["{}{}", "invalid character '{' after top-level value"],
  ["01", "invalid character '1' after top-level value"],
  ["[1 2]", "invalid character '2' after array element"],
  ["[1}", "invalid character '}' after array element"],
  ["[1,]", "invalid character ']' looking for beginning of value"],
  ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
  ["{a:1}", "invalid character 'a' looking for beginning of object key string"],
  ["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
  ["a: b", "invalid character 'a' looking for beginning of value"],
  ["\x1f\x8b", "invalid character '\\x1f' looking for beginning of value"],
  ["\ufeff{}", "invalid character 'ï' looking for beginning of value"],
  ["nul1", "invalid character '1' in literal null (expecting 'l')"],
  ["-x", "invalid character 'x' in numeric literal"],
  ["1.x", "invalid character 'x' after decimal point in numeric literal"],
  ["1e+x", "invalid character 'x' in exponent of numeric literal"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['"\\x"', "invalid character 'x' in string escape code"],
  ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
  ["[".repeat(10_001), "invalid character '[' exceeded max depth"],
  ["[".repeat(10_000), "unexpected end of JSON input"],
  [' {"a": [1, -0.5e+10, true, null, "\\u00e4\\n"], "b": {}, "c": []} ', ""],
];

for (const [text, want] of rows) {
  test(`jsonSyntaxProblem of ${JSON.stringify(text.slice(0, 40))}`, () => {
    assert.equal(jsonSyntaxProblem(text) ?? "", want);
    if (want === "") assert.doesNotThrow(() => JSON.parse(text));
  });
}
