import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { storedObject } from "../registry/stored-object.ts";
import type { CacheEvent } from "./event-window.ts";
import { createEventWindow } from "./event-window.ts";

const LIMITS = { eventsMax: 10, bytesMax: 1_000, ageMaxMs: 60_000, agedEventsMax: 2 };

function object(revision: number, byteLength: number) {
  const value = new Uint8Array(byteLength);
  return storedObject(configMapKind, { key: "/k", value, modRevision: revision, createRevision: 1, version: 1 });
}

/** A change to an object of 10 bytes, which replaces one of `replacedBytes`. */
function event(revision: number, replacedBytes = 0): CacheEvent {
  const before = replacedBytes === 0 ? undefined : object(revision - 1, replacedBytes);
  return { revision, before, after: object(revision, 10) };
}

const revisions = (events: readonly CacheEvent[] | undefined) => events?.map((e) => e.revision);

test("a reader gets what came after its revision, and then what came since it looked", () => {
  const window = createEventWindow(LIMITS);
  window.restart(5);
  for (const revision of [6, 8, 8, 9]) window.append(event(revision), 0);
  const position = window.positionAfter(7) ?? -1;
  assert.deepEqual(revisions(window.from(position)), [8, 8, 9]);
  window.append(event(12), 0);
  assert.deepEqual(revisions(window.from(position + 3)), [12]);
  assert.equal(window.end, position + 4);
});

test("a reader that wants only so many bytes gets at least one change", () => {
  const window = createEventWindow(LIMITS);
  for (const revision of [1, 2, 3]) window.append(event(revision), 0);
  assert.deepEqual(revisions(window.from(window.start, 25)), [1, 2]);
  assert.deepEqual(revisions(window.from(window.start, 5)), [1]);
});

test("changes from before the window cannot be read", () => {
  const window = createEventWindow(LIMITS);
  window.restart(5);
  assert.equal(window.positionAfter(4), undefined);
  assert.deepEqual(revisions(window.from(window.positionAfter(5) ?? -1)), []);
});

const bounds: { name: string; limits: Partial<typeof LIMITS>; events: () => readonly CacheEvent[]; keeps: number[] }[] =
  [
    { name: "count", limits: { eventsMax: 3 }, events: () => [1, 2, 3, 4, 5].map((r) => event(r)), keeps: [3, 4, 5] },
    { name: "bytes", limits: {}, events: () => [1, 2, 3, 4].map((r) => event(r, 400)), keeps: [3, 4] },
    { name: "bytes of a single change", limits: {}, events: () => [event(1), event(2, 5_000)], keeps: [2] },
  ];
for (const { name, limits, events, keeps } of bounds) {
  test(`old changes are dropped by ${name}, and slow readers are notified`, () => {
    const window = createEventWindow({ ...LIMITS, ...limits });
    const slow = window.positionAfter(0) ?? -1;
    for (const one of events()) window.append(one, 0);
    const floor = (keeps[0] ?? 0) - 1;
    assert.equal(window.floor, floor);
    assert.equal(window.from(slow), undefined);
    assert.equal(window.positionAfter(floor - 1), undefined);
    assert.deepEqual(revisions(window.from(window.positionAfter(floor) ?? -1)), keeps);
  });
}

test("a quiet window lets old changes go, but for the newest few", () => {
  const window = createEventWindow(LIMITS);
  for (const revision of [1, 2, 3, 4, 5]) window.append(event(revision), revision * 1_000);
  window.expire(62_500);
  assert.deepEqual(revisions(window.from(window.start)), [3, 4, 5]);
  window.expire(1_000_000);
  assert.deepEqual(revisions(window.from(window.start)), [4, 5]);
  assert.equal(window.floor, 3);
});

test("after a restart, readers from before it are notified", () => {
  const window = createEventWindow(LIMITS);
  window.append(event(1), 0);
  const behind = window.positionAfter(0) ?? -1;
  const upToDate = window.positionAfter(1) ?? -1;
  window.restart(9);
  assert.equal(window.from(behind), undefined);
  assert.equal(window.from(upToDate), undefined);
  assert.equal(window.positionAfter(1), undefined);
});
