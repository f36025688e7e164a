import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { onAbort } from "./on-abort.ts";

test("the listener is called when the signal is aborted, and only once", () => {
  const controller = new AbortController();
  let calls = 0;
  const off = onAbort(controller.signal, () => calls++);
  controller.abort();
  controller.abort();
  assert.equal(calls, 1);
  off();
});

test("a signal that was aborted before calls at once", () => {
  let calls = 0;
  onAbort(AbortSignal.abort(), () => calls++);
  assert.equal(calls, 1);
});

test("a listener that is taken away is not called, and the signal does not hold it", () => {
  const controller = new AbortController();
  const off = onAbort(controller.signal, () => assert.fail("the listener was taken away"));
  assert.equal(getEventListeners(controller.signal, "abort").length, 1);
  off();
  assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  controller.abort();
});

test("without a signal there is nothing to listen to", () => {
  onAbort(undefined, () => assert.fail("nothing is aborted"))();
});
