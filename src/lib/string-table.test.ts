import assert from "node:assert/strict";
import { test } from "node:test";
import { collectGarbage } from "./collect-garbage.testing.ts";
import { createStringTable } from "./string-table.ts";

const table = () => createStringTable({ lengthMax: 64, stringsMax: 100 });

const values: readonly { readonly name: string; readonly json: string }[] = [
  { name: "an empty object", json: "{}" },
  { name: "strings in objects and lists", json: '{"a":"x","b":["x","y",{"c":"x"}],"d":[["x"]]}' },
  { name: "values of other types", json: '{"a":null,"b":1.5,"c":true,"d":[null,0,false]}' },
  { name: "strings that are long, empty or no ASCII", json: JSON.stringify(["a".repeat(65), "", "é\u{1f600}", "é"]) },
  { name: "a key that is a prototype elsewhere", json: '{"__proto__":{"a":"x"},"constructor":"x"}' },
];

for (const { name, json } of values) {
  test(`a value says the same as before: ${name}`, () => {
    const strings = table();
    for (let round = 0; round < 2; round++) {
      const value = JSON.parse(json);
      strings.unify(value);
      assert.equal(JSON.stringify(value), json);
    }
  });
}

test("a full table is cleared and values stay what they are", () => {
  const strings = createStringTable({ lengthMax: 64, stringsMax: 2 });
  const value = Array.from({ length: 9 }, (_, i) => `s${i % 4}`);
  const expected = [...value];
  strings.unify(value);
  assert.deepEqual(value, expected);
});

test("a value nested deeper than the stack", () => {
  let value: unknown[] = ["x"];
  for (let depth = 0; depth < 100_000; depth++) value = [value];
  table().unify(value);
  assert.equal(value.length, 1);
});

test("equal strings take the memory of one", async () => {
  const strings = createStringTable({ lengthMax: 200, stringsMax: 100 });
  const value: string[] = JSON.parse(JSON.stringify(Array.from({ length: 50_000 }, () => "x".repeat(200))));
  await collectGarbage();
  const before = process.memoryUsage().heapUsed;
  strings.unify(value);
  await collectGarbage();
  const freed = before - process.memoryUsage().heapUsed;
  // 50,000 strings of 200 characters.
  assert.ok(freed > 8_000_000, `${freed} bytes`);
  assert.equal(value.length, 50_000);
});
