import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { RecordedEvent } from "@fairlead/client/events/event-recorder";
import { type Answer, refusal, scriptedClient } from "../scripted-client.testing.ts";
import { deployment, planned, START_MS } from "./objects.testing.ts";
import { writeChanges } from "./write-changes.ts";

const mine = deployment();
const plan = planned(mine, [], START_MS);
const [change] = plan.changes;
// A new Deployment's plan begins with its ReplicaSet.
const draft = change?.replicaSet as ReplicaSet;
const STATUS = "PUT /apis/apps/v1/namespaces/team/deployments/web/status";
const POST = "POST /apis/apps/v1/namespaces/team/replicasets";
const GET = `GET /apis/apps/v1/namespaces/team/replicasets/${draft.metadata.name}`;

/** Carries out the plan of a new Deployment where a creation is answered so, and `found` has the name. */
async function written(created: Answer, found: object = {}, signal = new AbortController().signal) {
  const recorded: RecordedEvent[] = [];
  const wrote: string[] = [];
  const { client, asked } = scriptedClient((request) => {
    if (request === POST) return created;
    return { code: 200, body: request === GET ? found : mine };
  });
  const own = (what: string) => ({ wrote: () => wrote.push(what), areSeen: () => true, forget: () => true });
  const writer = {
    client,
    events: { record: (_: unknown, event: RecordedEvent) => recorded.push(event) },
    own: { deployments: own("deployment"), replicaSets: own("replicaSet") },
    isEnding: () => false,
    now: () => "2026-01-01T00:00:00Z",
  };
  const error = await writeChanges(writer, { key: "team/web", deployment: mine, signal }, plan).catch(
    (e: unknown) => e,
  );
  return { asked, recorded, wrote, error };
}

const stored = { ...draft, metadata: { ...draft.metadata, uid: "rs", resourceVersion: "9" } };
const foreign = { ...stored.metadata, ownerReferences: [{ ...draft.metadata.ownerReferences?.[0], uid: "other" }] };
const other = { ...draft.spec.template, spec: { ...draft.spec.template.spec, hostname: "other" } };
const taken = refusal(409, "AlreadyExists", "taken");

const collisions: { name: string; found: object; asked: string[]; wrote: string[] }[] = [
  { name: "its own, which the cache does not have yet", found: stored, asked: [POST, GET], wrote: ["replicaSet"] },
  {
    name: "its own, but of another template",
    found: { ...stored, spec: { ...stored.spec, template: other } },
    asked: [POST, GET, STATUS],
    wrote: ["deployment"],
  },
  {
    name: "one like it, but of another owner",
    found: { ...stored, metadata: foreign },
    asked: [POST, GET, STATUS],
    wrote: ["deployment"],
  },
];
for (const { name, found, asked, wrote } of collisions) {
  test(`the name of a new ReplicaSet is taken by ${name}`, async () => {
    const done = await written(taken, found);
    assert.equal(done.error, undefined);
    assert.deepEqual(done.asked, asked);
    assert.deepEqual(done.wrote, wrote);
    assert.deepEqual(done.recorded, []);
  });
}

test("in a namespace that is going away no ReplicaSet is missed", async () => {
  const causes = [{ reason: "NamespaceTerminating" }];
  const { error, recorded, asked } = await written(refusal(403, "Forbidden", "going away", { causes }));
  assert.deepEqual({ error, recorded, asked }, { error: undefined, recorded: [], asked: [POST] });
});

test("a refusal is recorded, written to the status and tried again", async () => {
  const { error, recorded, asked } = await written(refusal(403, "Forbidden", "no"));
  assert.match(String(error), /no/);
  assert.deepEqual(asked, [POST, STATUS]);
  const message = `Failed to create new replica set "${draft.metadata.name}": no`;
  assert.deepEqual(recorded, [{ type: "Warning", reason: "ReplicaSetCreateError", message }]);
});

test("a controller that is being stopped records no failure", async () => {
  const stopped = AbortSignal.abort(new Error("stopped"));
  const { error, recorded } = await written({ code: 201, body: stored }, {}, stopped);
  assert.deepEqual({ error, recorded }, { error: stopped.reason, recorded: [] });
});
