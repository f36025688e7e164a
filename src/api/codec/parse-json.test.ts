import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonDepth } from "./json-text.ts";
import { parseJson } from "./parse-json.ts";

const cases: { name: string; text: string; want: string[] }[] = [
  { name: "no key twice", text: '{"a":1,"b":{"a":2}}', want: [] },
  { name: "a key twice at the top", text: '{"a":1, "a" : 2}', want: ["a"] },
  { name: "a key twice inside a list", text: '{"s":{"l":[{"x":1},{"x":1,"x":2}]}}', want: ["s.l[1].x"] },
  { name: "a key three times is named once", text: '{"a":1,"a":2,"a":3}', want: ["a"] },
  { name: "the same string as a value is no key", text: '{"a":["b","b"],"b":"b"}', want: [] },
  { name: "escapes are understood", text: '{"a\\"":1,"a\\u0022":2,"x":"\\\\"}', want: ['a"'] },
  { name: "brackets inside strings do not count", text: '{"a":"}{][,","b":"{","a":1}', want: ["a"] },
  { name: "a scalar has no keys", text: '"a"', want: [] },
];

for (const { name, text, want } of cases) {
  test(`parseJson: ${name}`, () => {
    const parsed = parseJson(text);
    assert.deepEqual(parsed.value, JSON.parse(text));
    assert.deepEqual(parsed.duplicates, want);
  });
}

test("parseJson: nesting is allowed to 10,000 levels, closed or not", () => {
  const nested = (depth: number) => `${'{"a":['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`;
  assert.equal(jsonDepth(parseJson(nested(10_000)).value), 10_000);
  for (const text of [nested(10_002), "[".repeat(1_000_000)]) {
    assert.throws(() => parseJson(text), {
      name: "SyntaxError",
      message: /^invalid character '[[{]' exceeded max depth$/,
    });
  }
});

test("parseJson: long keys do not multiply in the paths of duplicates", () => {
  const long = "k".repeat(100_000);
  const text = `{"${long}":{${Array.from({ length: 200 }, (_, i) => `"${i}":1,"${i}":2`).join()}}}`;
  const { duplicates } = parseJson(text);
  assert.ok(duplicates.length <= 100 && duplicates.every((path) => path.length < 2_100));
});

test("parseJson: text that is not JSON is a SyntaxError", () => {
  assert.throws(() => parseJson('{"a":'), SyntaxError);
});
