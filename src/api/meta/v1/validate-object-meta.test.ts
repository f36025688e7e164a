import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../complete.testing.ts";
import { configMapKind } from "../../core/v1/configmap/configmap.ts";
import { nodeKind } from "../../core/v1/node/node.ts";
import type { FieldError } from "../../field-error.ts";
import type { Draft } from "../../schema.ts";
import type { ObjectMeta } from "./object-meta.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "./validate-object-meta.ts";

const good = { name: "a", namespace: "default" };
const meta = (draft: Draft<ObjectMeta>) => complete(configMapKind, { metadata: { ...good, ...draft } }).metadata;
const texts = (errors: readonly FieldError[]) => errors.map(({ path, message }) => `${path}: ${message}`);

const owner = { apiVersion: "v1", kind: "Pod", name: "p", uid: "u", controller: true };
const cases: { name: string; draft: Draft<ObjectMeta>; want: RegExp[] }[] = [
  { name: "nothing wrong", draft: { labels: { app: "web" }, finalizers: ["example.com/x"] }, want: [] },
  {
    name: "no name",
    draft: { name: "" },
    want: [/^metadata\.name: Required value: name or generateName is required$/],
  },
  {
    name: "a name in capitals",
    draft: { name: "A" },
    want: [/^metadata\.name: Invalid value: "A": a lowercase RFC 1123 subdomain/],
  },
  { name: "a generated name", draft: { generateName: "web-" }, want: [] },
  {
    name: "a generated name in capitals",
    draft: { generateName: "Web-" },
    want: [/^metadata\.generateName: Invalid value: "Web-"/],
  },
  { name: "no namespace", draft: { namespace: "" }, want: [/^metadata\.namespace: Required value$/] },
  {
    name: "a bad label",
    draft: { labels: { app: "-" } },
    want: [/^metadata\.labels: Invalid value: "-": a valid label must be/],
  },
  {
    name: "a bad label key",
    draft: { labels: { "a b": "" } },
    want: [/^metadata\.labels: Invalid value: "a b": name part must consist of/],
  },
  {
    name: "annotations of more than 256 KiB",
    draft: { annotations: { a: "a".repeat(262_144) } },
    want: [/^metadata\.annotations: Too long: may not be more than 262144 bytes$/],
  },
  {
    name: "two controllers",
    draft: { ownerReferences: [owner, { ...owner, name: "q" }] },
    want: [/Only one reference can have Controller set to true. Found "true" in references for Pod\/p and Pod\/q$/],
  },
  {
    name: "an owner without identity",
    draft: { ownerReferences: [{ ...owner, uid: "" }] },
    want: [/^metadata\.ownerReferences\.uid: Invalid value: "": must not be empty$/],
  },
  {
    name: "two finalizers that exclude each other",
    draft: { finalizers: ["orphan", "foregroundDeletion"] },
    want: [/finalizer orphan and foregroundDeletion cannot be both set$/],
  },
];

for (const { name, draft, want } of cases) {
  test(`validateObjectMeta: ${name}`, () => {
    const found = texts(validateObjectMeta(meta(draft), configMapKind));
    assert.equal(found.length, want.length, found.join("\n"));
    for (const [index, pattern] of want.entries()) assert.match(found[index] ?? "", pattern);
  });
}

test("validateObjectMeta: a namespace where there is none", () => {
  assert.deepEqual(texts(validateObjectMeta(meta({}), nodeKind)), [
    "metadata.namespace: Forbidden: not allowed on this type",
  ]);
});

test("validateObjectMetaUpdate: what identifies an object stays", () => {
  const before = meta({ uid: "1" });
  assert.deepEqual(validateObjectMetaUpdate(before, before), []);
  assert.deepEqual(texts(validateObjectMetaUpdate(meta({ uid: "2" }), before)), [
    'metadata.uid: Invalid value: "2": field is immutable',
  ]);
});

test("validateObjectMetaUpdate: an object that is being deleted gets no new finalizers", () => {
  const before = meta({ deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: ["example.com/a"] });
  const after = { ...before, finalizers: ["example.com/a", "example.com/b"] };
  assert.deepEqual(texts(validateObjectMetaUpdate(after, before)), [
    'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/b"}',
  ]);
});
