import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { storedObject } from "../../registry/stored-object.ts";
import { createEncodedItems } from "./encoded-items.ts";

const LIMITS = { bytesMax: 10_000, ageMaxMs: 60_000 };

function object(name: string, byteLength = 100) {
  const key = `/registry/configmaps/a/${name}`;
  return storedObject(configMapKind, {
    ...{ key, value: new Uint8Array(byteLength), createRevision: 1, modRevision: 1, version: 1 },
  });
}

/** Items, and the names of those that were written. */
function start() {
  const clock = createFakeClock();
  const items = createEncodedItems(LIMITS, clock);
  const written: string[] = [];
  const list = (stored: ReturnType<typeof object>, { form = "a", byteLength = 100 } = {}) =>
    items.itemOf(stored, form, () => {
      written.push(`${stored.key.split("/").at(-1)} ${form}`);
      return new Uint8Array(byteLength);
    });
  return { clock, items, written, list };
}

test("an object's item is written once", () => {
  const { list, written } = start();
  const [one, two] = [object("one"), object("two")];
  const first = list(one);
  list(two);
  assert.equal(list(one), first);
  assert.deepEqual(written, ["one a", "two a"]);
});

test("another form of an object is written, and replaces the one before", () => {
  const { list, written } = start();
  const one = object("one");
  list(one);
  list(one, { form: "b" });
  list(one, { form: "b" });
  list(one);
  assert.deepEqual(written, ["one a", "one b", "one a"]);
});

test("the oldest items go when all together are too large", () => {
  const { list, written } = start();
  const objects = Array.from({ length: 4 }, (_, i) => object(`${i}`));
  for (const stored of objects) list(stored, { byteLength: 3_000 });
  for (const stored of objects.toReversed()) list(stored, { byteLength: 3_000 });
  assert.deepEqual(written, ["0 a", "1 a", "2 a", "3 a", "0 a"]);
});

test("an item that is too large is not kept", () => {
  const { list, written } = start();
  const one = object("one");
  assert.equal(list(one, { byteLength: 20_000 }).byteLength, 20_000);
  list(one, { byteLength: 20_000 });
  assert.equal(written.length, 2);
});

test("items are dropped after their time, each in its turn", async () => {
  const { clock, list, written } = start();
  const [one, two] = [object("one"), object("two")];
  list(one);
  await clock.advance(40_000);
  list(two);
  await clock.advance(30_000);
  list(two);
  list(one);
  await clock.advance(120_000);
  list(two);
  assert.deepEqual(written, ["one a", "two a", "one a", "two a"]);
});

const lists: readonly { readonly name: string; readonly sizes: readonly number[]; readonly want: boolean }[] = [
  { name: "an empty list", sizes: [], want: true },
  { name: "a small list", sizes: [1_000, 2_000], want: true },
  { name: "a list of half the limit", sizes: [2_200, 2_200], want: true },
  { name: "a list of more", sizes: [2_200, 2_201], want: false },
  { name: "a list of very many", sizes: Array.from({ length: 50_001 }, () => 0), want: false },
];

for (const { name, sizes, want } of lists) {
  test(`${name} is ${want ? "" : "not "}worth keeping`, () => {
    const { items } = start();
    const one = object("one");
    const listed = sizes.map((size) => (size === 0 ? one : object("o", size)));
    assert.equal(items.areWorthKeeping(listed), want);
  });
}
