import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { storedObject } from "../../registry/stored-object.ts";
import { createEncodedItems } from "./encoded-items.ts";
import { keptListBody, newListBody } from "./list-body.ts";
import { objectForm } from "./protobuf-form.ts";

const encoder = new TextEncoder();
const items = Array.from({ length: 230 }, (_, number) => {
  const metadata = { name: `c${number}`, namespace: "a" };
  const object = { kind: "ConfigMap", apiVersion: "v1", metadata, data: { text: `${number} `.repeat(500) } };
  const key = `/registry/configmaps/a/c${number}`;
  const value = encoder.encode(JSON.stringify(object));
  return storedObject(configMapKind, { key, value, createRevision: 1, modRevision: number + 1, version: 1 });
});
const form = objectForm(configMapKind);
const listed = { items, meta: { resourceVersion: "9" } };

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("a list of kept items has the bytes of one that keeps none, the first time and later", async () => {
  const encoded = createEncodedItems({ bytesMax: 10_000_000, ageMaxMs: 60_000 }, createFakeClock());
  const want = await bytesOf(newListBody(form, listed));
  assert.ok(want.byteLength > 230_000);
  assert.deepEqual(await bytesOf(keptListBody(form, listed, encoded)), want);
  assert.deepEqual(await bytesOf(keptListBody(form, listed, encoded)), want);
});

test("a reader that gives pieces back gets all of them in one memory", async () => {
  const encoded = createEncodedItems({ bytesMax: 10_000_000, ageMaxMs: 60_000 }, createFakeClock());
  const body = keptListBody(form, listed, encoded);
  const memories = new Set<ArrayBufferLike>();
  let pieces = 0;
  for await (const piece of body) {
    memories.add(piece.buffer);
    pieces++;
    body.giveBack(piece);
  }
  assert.ok(pieces > 3, `${pieces} pieces`);
  assert.equal(memories.size, 1);
});

test("a list without items is one piece", async () => {
  const encoded = createEncodedItems({ bytesMax: 10_000_000, ageMaxMs: 60_000 }, createFakeClock());
  const empty = { items: [], meta: { resourceVersion: "9" } };
  const pieces: Uint8Array[] = [];
  for await (const piece of keptListBody(form, empty, encoded)) pieces.push(piece);
  assert.equal(pieces.length, 1);
  assert.deepEqual(pieces[0], await bytesOf(newListBody(form, empty)));
});
