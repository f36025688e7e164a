import assert from "node:assert/strict";
import { test } from "node:test";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { storedObject } from "../registry/stored-object.ts";
import { type CacheEvent, createEventWindow } from "./event-window.ts";
import { createFollowers } from "./followers.ts";

const LIMITS = { eventsMax: 100, bytesMax: 100_000, ageMaxMs: 60_000, agedEventsMax: 10 };
const FOLLOWERS = 200;
const EVERYTHING = { prefix: "/registry/configmaps/", key: undefined, field: undefined };

function event(revision: number): CacheEvent {
  const key = "/registry/configmaps/default/a";
  const value = new TextEncoder().encode('{"metadata":{"name":"a"}}');
  const after = storedObject(configMapKind, { key, value, createRevision: 1, modRevision: revision, version: 1 });
  return { revision, before: undefined, after };
}

/** Many followers, and the turns of an event loop that the test makes. */
function start() {
  const window = createEventWindow(LIMITS);
  const due: (() => void)[] = [];
  const followers = createFollowers(window, (work) => void due.push(work));
  const got: number[][] = [];
  const leave: (() => void)[] = [];
  for (let i = 0; i < FOLLOWERS; i++) {
    const follower = followers.follow(0, EVERYTHING);
    assert.ok(follower);
    const revisions: number[] = [];
    got.push(revisions);
    const read = () => revisions.push(...(follower.take() ?? []).map(({ revision }) => revision));
    leave.push(follower.onNews(read));
  }
  return {
    got,
    leave,
    append: (revision: number) => followers.append(event(revision), 0),
    /** One turn: the work that was due at its beginning. */
    turn() {
      for (const work of due.splice(0)) work();
    },
    /** How many followers have read so many changes. */
    count: (changes: number) => got.filter((revisions) => revisions.length === changes).length,
    get isIdle() {
      return due.length === 0;
    },
  };
}

test("followers are notified a part in each turn, all of them in order, and then none", () => {
  const world = start();
  world.append(1);
  const counts: number[] = [];
  while (!world.isIdle) {
    world.turn();
    counts.push(world.count(1));
  }
  assert.deepEqual(counts, [64, 128, 192, 200]);
  assert.deepEqual(world.got[0], [1]);
});

test("a change between two turns leaves with the one before for those that have not been notified", () => {
  const world = start();
  world.append(1);
  world.turn();
  world.append(2);
  world.turn();
  // The second part has both changes at once, the first part waits for its next turn.
  assert.deepEqual([world.count(1), world.count(2)], [64, 64]);
  while (!world.isIdle) world.turn();
  assert.equal(world.count(2), FOLLOWERS);
  assert.deepEqual(world.got[0], [1, 2]);
});

test("a follower that leaves before its turn is not notified", () => {
  const world = start();
  world.append(1);
  for (const unsubscribe of world.leave.slice(100)) unsubscribe();
  while (!world.isIdle) world.turn();
  assert.equal(world.count(1), 100);
});
