import assert from "node:assert/strict";
import { test } from "node:test";
import { costRatio } from "@fairlead/lib/cost-ratio.testing";
import { goSyntax, goValue } from "./go-value.ts";
import { JSON_DEPTH_MAX } from "./json-depth.ts";
import { parseJson } from "./parse-json.ts";

/** What `fmt.Printf("%v\n%#v\n", value, value)` prints in Go for a decoded JSON text. */
const cases: readonly (readonly [json: string, value: string, syntax: string])[] = [
  ["null", "<nil>", "interface {}(nil)"],
  ["true", "true", "true"],
  ["12", "12", "12"],
  ['"a\\nb"', "a\nb", '"a\\nb"'],
  ["[]", "[]", "[]interface {}{}"],
  ["{}", "map[]", "map[string]interface {}{}"],
  [
    '[1,"",[null,{}]]',
    "[1  [<nil> map[]]]",
    '[]interface {}{1, "", []interface {}{interface {}(nil), map[string]interface {}{}}}',
  ],
  [
    '{"b":[1,2],"a":{"c d":"e"}}',
    "map[a:map[c d:e] b:[1 2]]",
    'map[string]interface {}{"a":map[string]interface {}{"c d":"e"}, "b":[]interface {}{1, 2}}',
  ],
];

for (const [json, value, syntax] of cases) {
  test(`${json} is printed as Go does`, () => {
    const parsed = parseJson(json).value;
    assert.deepEqual([goValue(parsed), goSyntax(parsed)], [value, syntax]);
  });
}

test("a value is printed however deep it is nested", () => {
  const value = parseJson("[".repeat(JSON_DEPTH_MAX) + "]".repeat(JSON_DEPTH_MAX)).value;
  assert.equal(goValue(value).length, 2 * JSON_DEPTH_MAX);
  assert.equal(goSyntax(value).length, "[]interface {}{}".length * JSON_DEPTH_MAX);
});

for (const print of [goValue, goSyntax]) {
  test(`the cost of ${print.name} grows with the size of the value, not with its depth times its size`, () => {
    const prepare = (size: number) => {
      // Short enough for the heap's ordinary pages: a string with pages of its own costs the kernel's work for them too.
      const text = "x".repeat(size * 100);
      const value = Array.from({ length: size }).reduce<unknown>((inner) => ["", inner], text);
      return () => print(value);
    };
    const ratio = costRatio(prepare, 100, 8);
    assert.ok(ratio < 28, `8 times the size took ${ratio.toFixed(1)} times as long`);
  });
}
