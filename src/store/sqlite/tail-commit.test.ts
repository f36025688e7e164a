import assert from "node:assert/strict";
import { test } from "node:test";
import type { Tail } from "./tail.ts";
import { commitToTail, type Present } from "./tail-commit.ts";
import type { WriteRequest } from "./writer.ts";

const item = { key: "/a", value: new Uint8Array([1]), createRevision: 2, modRevision: 2, version: 1 };
const present: Present = { revision: 2, live: (key) => (key === "/a" ? { id: 2_000, item } : undefined) };
const renewal: WriteRequest = {
  compare: [],
  success: [{ key: "/a", value: new Uint8Array([2]) }],
  failure: [],
  mayWait: true,
};
const conflict: WriteRequest = { ...renewal, compare: [{ key: "/a", modRevision: 1 }], failure: ["/a"] };

/** A tail that counts the rows it was given. */
function fakeTail(options: { readonly hasRoom?: boolean; readonly fails?: boolean } = {}) {
  const { hasRoom = true, fails = false } = options;
  const appended: string[] = [];
  const tail: Tail = {
    rows: [],
    live: () => undefined,
    hasRoomFor: () => hasRoom,
    append(rows) {
      if (fails) throw new Error("ENOSPC: no space left on device, write");
      for (const { id, replaced } of rows) appended.push(`${id}<${replaced.id}`);
    },
    clear: () => {},
    close: () => {},
  };
  return { tail, appended };
}

test("requests are committed together, each on top of those before it", () => {
  const { tail, appended } = fakeTail();
  const results = commitToTail([renewal, conflict, renewal], { ...present, tail });
  assert.deepEqual(
    results?.map(({ succeeded, revision, inTail }) => [succeeded, revision, inTail]),
    [
      [true, 3, true],
      [false, 3, undefined],
      [true, 4, true],
    ],
  );
  assert.deepEqual(appended, ["3000<2000", "4000<3000"]);
});

test("conflicts alone append nothing", () => {
  const { tail } = fakeTail({ fails: true });
  assert.deepEqual(commitToTail([conflict], { ...present, tail }), [
    { succeeded: false, revision: 2, read: [item], events: [] },
  ]);
});

const left: readonly {
  readonly name: string;
  readonly requests: WriteRequest[];
  readonly tail: ReturnType<typeof fakeTail>;
}[] = [
  { name: "the disk is full", requests: [renewal], tail: fakeTail({ fails: true }) },
  { name: "the tail has no room", requests: [renewal], tail: fakeTail({ hasRoom: false }) },
  { name: "one of them may not wait", requests: [renewal, { ...renewal, mayWait: false }], tail: fakeTail() },
  {
    name: "one of them creates a key",
    requests: [renewal, { ...renewal, success: [{ key: "/new", value: new Uint8Array() }] }],
    tail: fakeTail(),
  },
];

for (const { name, requests, tail } of left) {
  test(`requests are left to the database where ${name}`, () => {
    assert.equal(commitToTail(requests, { ...present, tail: tail.tail }), undefined);
    assert.deepEqual(tail.appended, []);
  });
}
