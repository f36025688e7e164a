import assert from "node:assert/strict";
import { test } from "node:test";
import { NEW_RECORD } from "../sync/record/pod-record.ts";
import { wantedResources } from "../sync/resize/container-resources.ts";
import type { PendingResize } from "../sync/resize/pod-resize.ts";
import { testPod } from "../testing/pods.testing.ts";
import type { PodWork } from "./pod-work.ts";
import { createRoomOnNode } from "./room-on-node.ts";

const DEFERRED: PendingResize = { reason: "Deferred", message: "", generation: 2 };

/** The work on a pod of one container, which counts how often it is woken. */
function workOf(cpu: string, pending?: PendingResize) {
  const pod = testPod({ containers: [{ name: "app", resources: { requests: { cpu } } }] });
  const work = { pod, record: NEW_RECORD, wakes: 0, wake: () => void work.wakes++ };
  work.record = { ...NEW_RECORD, resize: { ...NEW_RECORD.resize, pending } };
  return work;
}

function usedBesides(room: ReturnType<typeof createRoomOnNode>, work: object) {
  return room.besides(work as PodWork).used.get("cpu") ?? 0;
}

test("room: other pods count with what is set aside for them, and by their specs before that", () => {
  const room = createRoomOnNode(() => ({ cpu: "4" }));
  const [one, two] = [workOf("1"), workOf("500m")];
  for (const work of [one, two]) room.note(work as unknown as PodWork);
  assert.equal(usedBesides(room, one), 500);
  assert.equal(usedBesides(room, two), 1_000);
  assert.equal(room.besides(one as unknown as PodWork).allocatable.get("cpu"), 4_000);
});

const releases: readonly { readonly name: string; readonly release: (work: ReturnType<typeof workOf>) => void }[] = [
  {
    name: "has ended",
    release: (work) => {
      work.record = { ...work.record, reported: { phase: "Succeeded" } };
    },
  },
  {
    name: "has less set aside",
    release: (work) => {
      const allocated = wantedResources(workOf("100m").pod);
      work.record = { ...work.record, resize: { ...work.record.resize, allocated } };
    },
  },
];

for (const { name, release } of releases) {
  test(`room: a pod that ${name} wakes those whose resize is deferred, and no others`, () => {
    const room = createRoomOnNode(() => ({ cpu: "4" }));
    const [pod, waiting, other] = [workOf("1"), workOf("1", DEFERRED), workOf("1")];
    for (const work of [pod, waiting, other]) room.note(work as unknown as PodWork);
    room.note(pod as unknown as PodWork);
    assert.deepEqual([waiting.wakes, other.wakes], [0, 0]);
    release(pod);
    room.note(pod as unknown as PodWork);
    assert.deepEqual([waiting.wakes, other.wakes], [1, 0]);
  });
}

test("room: a pod of which nothing is left does so, too", () => {
  const room = createRoomOnNode(() => ({ cpu: "4" }));
  const [pod, waiting] = [workOf("1"), workOf("1", DEFERRED)];
  for (const work of [pod, waiting]) room.note(work as unknown as PodWork);
  room.forget(pod as unknown as PodWork);
  assert.deepEqual([waiting.wakes, usedBesides(room, waiting)], [1, 0]);
});
