import assert from "node:assert/strict";
import { test } from "node:test";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { ownedPod, replicaSet } from "../replicaset/objects.testing.ts";
import { type Answer, refusal, scriptedClient } from "../scripted-client.testing.ts";
import { settleClaims } from "./settle-claims.ts";

const owner = replicaSet(1);
const orphan = ownedPod("orphan", { controller: null });
const stray = ownedPod("stray", { labels: { app: "other" } });
const OWNER = "GET /apis/apps/v1/namespaces/default/replicasets/web";
const ADOPT = "PATCH /api/v1/namespaces/default/pods/orphan";
const RELEASE = "PATCH /api/v1/namespaces/default/pods/stray";

/** The owner as the API server knows it, and what it says to patches. */
async function settled(metadata: object, patched: Answer, adopted = [orphan]) {
  const { client, asked } = scriptedClient((request) =>
    request === OWNER ? { code: 200, body: { ...owner, metadata: { ...owner.metadata, ...metadata } } } : patched,
  );
  const { signal } = new AbortController();
  const parts = { ownerKind: replicaSetKind, owner, kind: podKind, signal };
  const written = await settleClaims(client, { ...parts, adopted, released: [stray] });
  return { asked, names: written.map((pod) => pod.metadata.name) };
}

const fine: Answer = { code: 200, body: ownedPod("written") };

const cases: { name: string; metadata: object; patched?: Answer; adopted?: []; asked: string[]; written: number }[] = [
  { name: "an owner that is there", metadata: {}, asked: [OWNER, RELEASE, ADOPT], written: 2 },
  {
    name: "an owner that was deleted meanwhile adopts no pod",
    metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" },
    asked: [OWNER, RELEASE],
    written: 1,
  },
  { name: "another owner of that name adopts no pod", metadata: { uid: "new" }, asked: [OWNER, RELEASE], written: 1 },
  { name: "an owner without pods to adopt is not read", metadata: {}, adopted: [], asked: [RELEASE], written: 1 },
  {
    name: "what is gone is passed over",
    metadata: {},
    patched: refusal(404, "NotFound", "gone"),
    asked: [OWNER, RELEASE, ADOPT],
    written: 0,
  },
  {
    name: "what is another by now is passed over",
    metadata: {},
    patched: refusal(422, "Invalid", "another uid"),
    asked: [OWNER, RELEASE, ADOPT],
    written: 0,
  },
];
for (const { name, metadata, patched = fine, adopted, asked, written } of cases) {
  test(`settleClaims: ${name}`, async () => {
    const done = await settled(metadata, patched, adopted);
    assert.deepEqual(done.asked, asked);
    assert.equal(done.names.length, written);
  });
}

test("settleClaims: any other refusal is the caller's", async () => {
  await assert.rejects(settled({}, refusal(403, "Forbidden", "no")), /no/);
});
