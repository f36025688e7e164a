import assert from "node:assert/strict";
import { test } from "node:test";
import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { withKeptManagers } from "./kept-managers.ts";

const entry: ManagedFieldsEntry = {
  manager: "kubectl",
  operation: "Update",
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:data": { "f:a": {} } },
};

function object(managedFields: unknown, color = "red"): KubeObject {
  return { metadata: { name: "a", labels: { color }, managedFields } } as unknown as KubeObject;
}

const cases: { name: string; given: unknown; want: unknown; problem?: string }[] = [
  { name: "the same entries stay", given: [{ ...entry }], want: [entry] },
  { name: "another valid entry is taken", given: [{ ...entry, manager: "me" }], want: [{ ...entry, manager: "me" }] },
  { name: "entries may be removed", given: undefined, want: undefined },
  {
    name: "an unknown operation",
    given: [{ ...entry, operation: "Guess" }],
    want: [entry],
    problem: 'metadata.managedFields[0].operation: Invalid value: "Guess": must be `Apply` or `Update`',
  },
  {
    name: "another type of fields",
    given: [entry, { ...entry, fieldsType: "FieldsV2" }],
    want: [entry],
    problem: 'metadata.managedFields[1].fieldsType: Invalid value: "FieldsV2": must be `FieldsV1`',
  },
  {
    name: "fields that cannot be decoded",
    given: [{ ...entry, fieldsV1: { data: {} } }],
    want: [entry],
    problem: "metadata.managedFields[0]: must have an apiVersion, and fieldsV1 that can be decoded",
  },
  {
    name: "an entry without a version",
    given: [{ ...entry, apiVersion: "" }],
    want: [entry],
    problem: "metadata.managedFields[0]: must have an apiVersion, and fieldsV1 that can be decoded",
  },
  { name: "no list", given: {}, want: [entry], problem: "metadata.managedFields: must be a list of entries" },
  { name: "no entry", given: [null], want: [entry], problem: "metadata.managedFields: must be a list of entries" },
];

for (const { name, given, want, problem } of cases) {
  test(`withKeptManagers: ${name}`, () => {
    const kept = withKeptManagers(object([entry]), object(given, "blue"));
    assert.deepEqual(kept.object.metadata.managedFields, want);
    assert.equal(kept.object.metadata.labels?.color, "blue", "everything else is the plugins'");
    assert.equal(kept.warning?.replace(/^.*please fix your requests: /, ""), problem);
  });
}
