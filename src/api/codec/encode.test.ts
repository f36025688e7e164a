import assert from "node:assert/strict";
import { test } from "node:test";
import { podKind } from "../core/v1/pod/pod.ts";
import { decodeObject } from "./decode-object.ts";
import { encodeObject, encodeStored } from "./encode.ts";

const json = {
  status: {},
  spec: { containers: [{ image: "i", name: "c", env: [] }], nodeSelector: {} },
  metadata: {
    resourceVersion: "7",
    labels: { b: "2", a: "" },
    name: "p",
    uid: "u",
    creationTimestamp: "2026-01-02T03:04:05Z",
  },
};

test("encodeObject writes kind, apiVersion and metadata first, then the schema's order, without what is empty", () => {
  const decoded = decodeObject(podKind, json, { fieldValidation: "Strict" });
  assert(decoded.error === undefined);
  const text = encodeObject(podKind, decoded.object);
  assert.match(
    text,
    /^\{"kind":"Pod","apiVersion":"v1","metadata":\{"name":"p","uid":"u","resourceVersion":"7","creationTimestamp":"2026-01-02T03:04:05Z","labels":\{"a":"","b":"2"\}\},"spec":\{"containers":\[\{"name":"c","image":"i"/,
  );
  assert(!text.includes("nodeSelector") && !text.includes('"env"'));
  assert.match(text, /"status":\{/);
});

test("encodeStored leaves the resource version out, and decoding gives the same object again", () => {
  const decoded = decodeObject(podKind, json, { fieldValidation: "Strict" });
  assert(decoded.error === undefined);
  const text = encodeStored(podKind, decoded.object);
  assert(!text.includes("resourceVersion"));
  const again = decodeObject(podKind, JSON.parse(text), { fieldValidation: "Strict" });
  assert(again.error === undefined);
  assert.equal(encodeStored(podKind, again.object), text);
});
