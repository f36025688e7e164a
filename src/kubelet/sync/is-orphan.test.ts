import assert from "node:assert/strict";
import { test } from "node:test";
import { isOrphan, isOrphanedLogFolder, isOrphanedPodFolder } from "./is-orphan.ts";

const KNOWN = "0a1b2c3d-0000-4000-8000-000000000001";
const GONE = "0a1b2c3d-0000-4000-8000-000000000002";
const known = new Set([KNOWN]);

const cases: { name: string; is: boolean; want: boolean }[] = [
  { name: "a container of a known pod", is: isOrphan(known, { podUid: KNOWN }), want: false },
  { name: "a container of a pod that is gone", is: isOrphan(known, { podUid: GONE }), want: true },
  { name: "a container that no kubelet made", is: isOrphan(known, { podUid: "" }), want: false },
  { name: "the folder of a known pod", is: isOrphanedPodFolder(known, KNOWN), want: false },
  { name: "the folder of a pod that is gone", is: isOrphanedPodFolder(known, GONE), want: true },
  { name: "the logs of a known pod", is: isOrphanedLogFolder(known, `shop_web_${KNOWN}`), want: false },
  { name: "the logs of a pod that is gone", is: isOrphanedLogFolder(known, `shop_web_${GONE}`), want: true },
  { name: "a folder without a namespace", is: isOrphanedLogFolder(known, `web_${GONE}`), want: false },
  { name: "a folder without a uid", is: isOrphanedLogFolder(known, "shop_web_notes"), want: false },
];

for (const { name, is, want } of cases) {
  test(`orphans: ${name} is ${want ? "one" : "none"}`, () => {
    assert.equal(is, want);
  });
}
