import assert from "node:assert/strict";
import { test } from "node:test";
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

test("parseJson: text that is not JSON is a SyntaxError", () => {
  assert.throws(() => parseJson('{"a":'), SyntaxError);
});
