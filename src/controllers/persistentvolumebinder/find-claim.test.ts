import assert from "node:assert/strict";
import { test } from "node:test";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { type Answer, refusal, scriptedClient } from "../scripted-client.testing.ts";
import { findClaim } from "./find-claim.ts";
import { claim, volume } from "./objects.testing.ts";

const mine = claim();
const recreated: PersistentVolumeClaim = { ...mine, metadata: { ...mine.metadata, uid: "recreated" } };
const ASKED = "GET /api/v1/namespaces/team/persistentvolumeclaims/c";
const gone = refusal(404, "NotFound", "gone");
const there = (body: object): Answer => ({ code: 200, body });

const cases: {
  name: string;
  cached?: PersistentVolumeClaim;
  phase?: string;
  uid?: string;
  answer?: Answer;
  isAsked: boolean;
  isFound: boolean;
}[] = [
  { name: "the copy has it", cached: mine, isAsked: false, isFound: true },
  { name: "the cache does not have it yet", answer: there(mine), isAsked: true, isFound: true },
  { name: "the copy has one that went before", cached: recreated, answer: there(mine), isAsked: true, isFound: true },
  { name: "it is gone", answer: gone, isAsked: true, isFound: false },
  { name: "it was recreated", cached: recreated, answer: there(recreated), isAsked: true, isFound: false },
  { name: "the volume was given up before", phase: "Released", isAsked: false, isFound: false },
  { name: "giving the volume up has failed before", phase: "Failed", isAsked: false, isFound: false },
  { name: "the volume is kept for any claim of the name", cached: mine, uid: "", isAsked: false, isFound: false },
];
for (const { name, cached, phase = "Bound", uid = "uid-c", answer = gone, isAsked, isFound } of cases) {
  test(`the claim of a volume: ${name}`, async () => {
    const { client, asked } = scriptedClient(() => answer);
    const claims = { get: (key: string) => (key === "team/c" ? cached : undefined) };
    const named = volume({ phase, claimRef: { namespace: "team", name: "c", uid } });
    const found = await findClaim(named, { client, claims, signal: new AbortController().signal });
    assert.equal(found?.metadata.uid, isFound ? "uid-c" : undefined);
    assert.deepEqual(asked, isAsked ? [ASKED] : []);
  });
}

test("the claim of a volume: while the API server cannot say, nothing is known", async () => {
  const { client } = scriptedClient(() => refusal(503, "ServiceUnavailable", "not now"));
  const named = volume({ phase: "Bound", claimRef: { namespace: "team", name: "c", uid: "uid-c" } });
  const claims = { get: () => undefined };
  await assert.rejects(findClaim(named, { client, claims, signal: new AbortController().signal }), /not now/);
});
