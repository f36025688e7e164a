import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeFieldSet, emptySet, encodeFieldSet } from "./field-set.ts";
import { withoutSystemFields } from "./system-fields.ts";

/** FieldsV1 before and after. */
const rows: readonly (readonly [what: string, fields: object, want: object])[] = [
  ["type and version have no owner", { "f:apiVersion": {}, "f:kind": {}, "f:data": {} }, { "f:data": {} }],
  [
    "fields that the server sets have no owner",
    { "f:metadata": { "f:name": {}, "f:uid": {}, "f:labels": { ".": {}, "f:a": {} } } },
    { "f:metadata": { "f:labels": { ".": {}, "f:a": {} } } },
  ],
  ["metadata without other fields is left out", { "f:metadata": { "f:name": {} }, "f:data": {} }, { "f:data": {} }],
  [
    "what is below a field of the server has no owner either",
    { "f:metadata": { "f:managedFields": { "f:x": {} } } },
    {},
  ],
  ["fields of the same name elsewhere stay", { "f:spec": { "f:name": {} } }, { "f:spec": { "f:name": {} } }],
];

for (const [what, fields, want] of rows) {
  test(what, () => {
    const left = withoutSystemFields(decodeFieldSet(fields) ?? emptySet);
    assert.deepEqual(encodeFieldSet(left), want);
  });
}
