import assert from "node:assert/strict";
import { test } from "node:test";
import { createEventWindow } from "./event-window.ts";

const event = (revision: number) => ({ revision, before: undefined, after: undefined, lines: new Map() });
const revisions = (events: readonly { readonly revision: number }[] | undefined) => events?.map((e) => e.revision);

test("a reader gets what came after its revision, and then what came since it looked", () => {
  const window = createEventWindow(10);
  window.restart(5);
  for (const revision of [6, 8, 8, 9]) window.append(event(revision));
  const position = window.positionAfter(7) ?? -1;
  assert.deepEqual(revisions(window.from(position)), [8, 8, 9]);
  window.append(event(12));
  assert.deepEqual(revisions(window.from(position + 3)), [12]);
});

test("what was before the window cannot be told", () => {
  const window = createEventWindow(10);
  window.restart(5);
  assert.equal(window.positionAfter(4), undefined);
  assert.deepEqual(revisions(window.from(window.positionAfter(5) ?? -1)), []);
});

test("old changes are dropped, the newest kept, and slow readers are told", () => {
  const window = createEventWindow(3);
  window.restart(0);
  const slow = window.positionAfter(0) ?? -1;
  for (let revision = 1; revision <= 6; revision++) window.append(event(revision));
  assert.equal(window.floor, 3);
  assert.equal(window.from(slow), undefined);
  assert.equal(window.positionAfter(2), undefined);
  assert.deepEqual(revisions(window.from(window.positionAfter(3) ?? -1)), [4, 5, 6]);
});

test("after a new start, readers from before it are told", () => {
  const window = createEventWindow(3);
  window.restart(0);
  window.append(event(1));
  const behind = window.positionAfter(0) ?? -1;
  const upToDate = window.positionAfter(1) ?? -1;
  window.restart(9);
  assert.equal(window.from(behind), undefined);
  assert.equal(window.from(upToDate), undefined);
  assert.equal(window.positionAfter(1), undefined);
});
