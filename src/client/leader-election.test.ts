import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { leaseKind } from "../api/coordination/v1/lease.ts";
import { silentLogger } from "../lib/log.ts";
import { running } from "../lib/running.ts";
import { createFakeClock, settle } from "./clock.testing.ts";
import type { FakeApi } from "./fake-api.testing.ts";
import { createFakeApi } from "./fake-api.testing.ts";
import { startLeaderElection } from "./leader-election.ts";
import { createClient } from "./rest-client.ts";

function start(t: TestContext) {
  const api = createFakeApi();
  const clock = createFakeClock();
  const leaders: string[] = [];
  function candidate(identity: string, through: FakeApi = api) {
    const election = startLeaderElection({
      client: createClient({
        ...through,
        send: (request) => (cutOff.has(identity) ? Promise.reject(new Error("cut off")) : through.send(request)),
      }),
      name: "controllers",
      identity,
      lead: async () => {
        leaders.push(`+${identity}`);
        return running(async () => void leaders.push(`-${identity}`));
      },
      log: silentLogger,
      clock,
    });
    t.after(() => election.stop());
    return election;
  }
  const cutOff = new Set<string>();
  const lease = () => createClient(api).get(leaseKind, { namespace: "kube-system", name: "controllers" });
  return { api, clock, leaders, candidate, cutOff, lease };
}

test("one of several leads, and goes on to", async (t) => {
  const { clock, leaders, candidate, lease } = start(t);
  for (const identity of ["a", "b", "c"]) candidate(identity);
  await clock.advance(60_000);
  assert.equal(leaders.length, 1);
  assert.equal((await lease()).spec.leaseTransitions, 0);
});

test("a leader that stops is followed at once", async (t) => {
  const { clock, leaders, candidate, lease } = start(t);
  const first = candidate("a");
  await settle();
  candidate("b");
  await clock.advance(5_000);
  await first.stop();
  await clock.advance(2_000);
  assert.deepEqual(leaders, ["+a", "-a", "+b"]);
  assert.equal((await lease()).spec.leaseTransitions, 1);
});

test("a leader that cannot renew stops before another one starts", async (t) => {
  const { clock, leaders, candidate, cutOff } = start(t);
  candidate("a");
  await settle();
  candidate("b");
  await clock.advance(5_000);
  cutOff.add("a");
  await clock.advance(11_000);
  assert.deepEqual(leaders, ["+a", "-a"]);
  await clock.advance(8_000);
  assert.deepEqual(leaders, ["+a", "-a", "+b"]);
});
