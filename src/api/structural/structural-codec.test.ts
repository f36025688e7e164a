import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeObject } from "../codec/decode-object.ts";
import { encodeObject, encodeStored } from "../codec/encode.ts";
import { defineKind } from "../kind.ts";
import { objectMetaSchema } from "../meta/v1/object-meta.ts";
import type { KubeObject } from "../resource-reference.ts";
import { field, struct, t } from "../schema.ts";
import { structuralCodec } from "./structural-codec.ts";

const widgetKind = defineKind<KubeObject>({
  group: "example.com",
  version: "v1",
  kind: "Widget",
  plural: "widgets",
  namespaced: true,
  schema: struct("com.example.v1.Widget", "A widget.", {
    apiVersion: field(0, t.string, ""),
    kind: field(0, t.string, ""),
    metadata: field(0, objectMetaSchema, ""),
    spec: field(0, t.json, ""),
  }),
  codec: structuralCodec({
    type: "object",
    properties: {
      spec: {
        type: "object",
        properties: {
          size: { type: "integer", default: 1 },
          note: { type: "string", nullable: true },
          free: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        },
      },
      zone: { type: "string" },
    },
  }),
});

const rows: readonly { readonly name: string; readonly json: object; readonly want: string }[] = [
  {
    name: "keys are sorted at every level, and zero values stay",
    json: { zone: "", spec: { note: "", size: 0, free: { b: 0, a: { d: false, c: [] } } }, metadata: { name: "w" } },
    want: '{"kind":"Widget","apiVersion":"example.com/v1","metadata":{"name":"w"},"spec":{"free":{"a":{"c":[],"d":false},"b":0},"note":"","size":0},"zone":""}',
  },
  {
    name: "defaults are filled in, and an allowed null stays",
    json: { metadata: { name: "w" }, spec: { note: null } },
    want: '{"kind":"Widget","apiVersion":"example.com/v1","metadata":{"name":"w"},"spec":{"note":null,"size":1}}',
  },
  { name: "nothing but a type", json: {}, want: '{"kind":"Widget","apiVersion":"example.com/v1","metadata":{}}' },
];

for (const { name, json, want } of rows) {
  test(`custom resources are written: ${name}`, () => {
    const decoded = decodeObject(widgetKind, json, { fieldValidation: "Strict" });
    assert.ok(decoded.error === undefined);
    assert.equal(encodeObject(widgetKind, decoded.object), want);
    const again = decodeObject(widgetKind, JSON.parse(want), { fieldValidation: "Strict" });
    assert.ok(again.error === undefined);
    assert.equal(encodeObject(widgetKind, again.object), want);
  });
}

test("the store keeps no resource version", () => {
  const decoded = decodeObject(
    widgetKind,
    { metadata: { name: "w", resourceVersion: "7" } },
    { fieldValidation: "Strict" },
  );
  assert.ok(decoded.error === undefined);
  const text = encodeStored(widgetKind, decoded.object);
  assert.equal(text, '{"kind":"Widget","apiVersion":"example.com/v1","metadata":{"name":"w"}}');
});

test("unknown fields and misfits are reported in upstream's words", () => {
  const unknown = decodeObject(widgetKind, { spec: { color: 1 } }, { fieldValidation: "Strict" });
  assert.equal(
    unknown.error?.message,
    'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.color"',
  );
  const misfit = decodeObject(widgetKind, { metadata: { name: 1 } }, { fieldValidation: "Warn" });
  assert.match(
    misfit.error?.message ?? "",
    /cannot unmarshal number into Go struct field ObjectMeta\.name of type string/,
  );
});
