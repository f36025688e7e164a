import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonCopy } from "./json-copy.ts";
import { exactNumber } from "./json-number.ts";
import { parseApiJson } from "./parse-json.ts";

const values: readonly { readonly name: string; readonly value: unknown }[] = [
  { name: "scalars", value: ["a", 1, 1.5, -7, true, null] },
  { name: "undefined fields and items", value: { a: undefined, b: [undefined, { c: undefined }] } },
  { name: "functions and symbols", value: { a: () => 1, b: [() => 1], c: Symbol("s") } },
  { name: "numbers that JSON does not have", value: [Number.NaN, Number.POSITIVE_INFINITY] },
  { name: "integers beyond 2^53, and small ones written alike", value: [2n ** 62n, 7n, -(2n ** 63n)] },
  { name: "numbers kept as text", value: { large: exactNumber("18446744073709551616") } },
  { name: "what writes itself", value: { at: new Date(0) } },
  { name: "a key that is a prototype elsewhere", value: JSON.parse('{"__proto__":{"a":1},"constructor":2}') },
  { name: "empty containers", value: { a: {}, b: [] } },
];

for (const { name, value } of values) {
  test(`a copy is what the text is read as: ${name}`, () => {
    const copy = jsonCopy(value);
    assert.deepEqual(copy, parseApiJson(JSON.stringify(value)));
    assert.deepEqual(Object.keys(copy as object), Object.keys(parseApiJson(JSON.stringify(value)) as object));
  });
}

test("nothing is shared with the value", () => {
  const inner = { list: [{ a: 1 }] };
  const copy = jsonCopy({ inner }) as { inner: typeof inner };
  assert.notEqual(copy.inner, inner);
  assert.notEqual(copy.inner.list, inner.list);
  assert.notEqual(copy.inner.list[0], inner.list[0]);
});
