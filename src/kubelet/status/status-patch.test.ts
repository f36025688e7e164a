import assert from "node:assert/strict";
import { test } from "node:test";
import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import { statusPatch } from "./status-patch.ts";

const ready = { type: "Ready", status: "True" as const, lastTransitionTime: "2026-01-01T00:00:00Z" };
const gate = { type: "example.org/gate", status: "False" as const };

const cases: { name: string; stored: PodStatus; wanted: PodStatus; want: object | undefined }[] = [
  { name: "nothing has changed", stored: { phase: "Running" }, wanted: { phase: "Running" }, want: undefined },
  {
    name: "empty is as good as absent",
    stored: { containerStatuses: [{ name: "a", ready: true, restartCount: 0, image: "i", imageID: "" }] },
    wanted: {
      containerStatuses: [{ name: "a", ready: true, restartCount: 0, image: "i", imageID: "", lastState: {} }],
    },
    want: undefined,
  },
  {
    name: "only what has changed",
    stored: { phase: "Pending", hostIP: "a" },
    wanted: { phase: "Running", hostIP: "a" },
    want: { phase: "Running" },
  },
  { name: "what is gone is null", stored: { reason: "Evicted" }, wanted: {}, want: { reason: null } },
  {
    name: "others' conditions are left alone",
    stored: { conditions: [gate] },
    wanted: { conditions: [{ ...gate, status: "True" }, ready] },
    want: { conditions: [{ reason: null, message: null, ...ready }] },
  },
  {
    name: "a condition that holds no longer goes, others stay",
    stored: { conditions: [gate, ready, { type: "PodResizePending", status: "True" }] },
    wanted: { conditions: [ready] },
    want: { conditions: [{ type: "PodResizePending", $patch: "delete" }] },
  },
  {
    name: "no resources are not the same as none reported",
    stored: { containerStatuses: [{ name: "a", ready: true, restartCount: 0, image: "i", imageID: "" }] },
    wanted: {
      containerStatuses: [{ name: "a", ready: true, restartCount: 0, image: "i", imageID: "", resources: {} }],
    },
    want: {
      containerStatuses: [{ name: "a", ready: true, restartCount: 0, image: "i", imageID: "", resources: {} }],
    },
  },
  {
    name: "another address takes the old one away",
    stored: { podIP: "10.0.0.1", podIPs: [{ ip: "10.0.0.1" }] },
    wanted: { podIP: "10.0.0.2", podIPs: [{ ip: "10.0.0.2" }] },
    want: { podIP: "10.0.0.2", podIPs: [{ ip: "10.0.0.2" }, { $patch: "delete", ip: "10.0.0.1" }] },
  },
];

for (const { name, stored, wanted, want } of cases) {
  test(`statusPatch: ${name}`, () => {
    const patch = statusPatch("uid-1", stored, wanted);
    assert.deepEqual(patch, want === undefined ? undefined : { metadata: { uid: "uid-1" }, status: want });
  });
}
