import assert from "node:assert/strict";
import { test } from "node:test";
import { warningHeaders } from "./write-options.ts";

const rows: readonly { readonly name: string; readonly warnings: readonly string[]; readonly want: object }[] = [
  { name: "no warning", warnings: [], want: {} },
  { name: "quotes and line breaks", warnings: ['a "b"\nc', "d"], want: { warning: '299 - "a \\"b\\" c", 299 - "d"' } },
  { name: "a control character", warnings: ["a\x7f", "b"], want: { warning: '299 - "b"' } },
  { name: "text in UTF-8", warnings: ["é한"], want: { warning: `299 - "\xc3\xa9\xed\x95\x9c"` } },
];
for (const { name, warnings, want } of rows) {
  test(`warning headers of ${name}`, () => assert.deepEqual(warningHeaders(warnings), want));
}

test("warnings that are long together are cut, and those behind the limit are left out", () => {
  const { warning = "" } = warningHeaders(Array.from({ length: 100 }, (_, i) => `${i}${"x".repeat(1_000)}`));
  const shown = warning.split(", ");
  assert.equal(shown.length, 16);
  assert.ok(shown.every((text) => text.length === `299 - ""`.length + 256));
});
