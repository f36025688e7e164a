import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { splicer, storedObject } from "../../registry/stored-object.ts";
import { listBody } from "./list-body.ts";
import { objectForm } from "./object-form.ts";

const COUNT = 200;
const encoder = new TextEncoder();
const items = Array.from({ length: COUNT }, (_, number) => {
  const metadata = { name: `c${number}`, namespace: "a" };
  const value = encoder.encode(
    JSON.stringify({ kind: "ConfigMap", apiVersion: "v1", metadata, data: { text: `${number} `.repeat(500) } }),
  );
  const key = `/registry/configmaps/a/c${number}`;
  return storedObject(configMapKind, { key, value, createRevision: 1, modRevision: number + 1, version: 1 });
});
const body = () => listBody(objectForm(configMapKind, splicer(configMapKind)), items, { resourceVersion: "9" });
const namesIn = (text: string) =>
  JSON.parse(text).items.map((item: { readonly metadata: { readonly name: string } }) => item.metadata.name);
const names = items.map((_, number) => `c${number}`);

test("pieces stay as they are for a reader that gives none back", async () => {
  const pieces: Uint8Array[] = [];
  for await (const piece of body()) pieces.push(piece);
  assert.ok(pieces.length > 3, `${pieces.length} pieces`);
  assert.deepEqual(namesIn(Buffer.concat(pieces).toString()), names);
});

test("a reader that gives pieces back gets all of them in one memory", async () => {
  const listed = body();
  const memories = new Set<ArrayBufferLike>();
  let text = "";
  for await (const piece of listed) {
    text += Buffer.from(piece).toString();
    memories.add(piece.buffer);
    listed.giveBack(piece);
  }
  assert.deepEqual(namesIn(text), names);
  assert.equal(memories.size, 1);
});
