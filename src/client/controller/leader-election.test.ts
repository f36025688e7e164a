import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { running } from "@fairlead/lib/running";
import type { FakeApi } from "../fake-api.testing.ts";
import { createFakeApi } from "../fake-api.testing.ts";
import { createClient } from "../rest/rest-client.ts";
import { startLeaderElection } from "./leader-election.ts";

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
        await held.get(identity);
        if (failing.has(identity)) throw new Error("cannot start");
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
  const failing = new Set<string>();
  const held = new Map<string, Promise<void>>();
  /** Lets a candidate start only when the returned function is called. */
  const hold = (identity: string) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held.set(identity, promise);
    return resolve;
  };
  const lease = () => createClient(api).get(leaseKind, { namespace: "kube-system", name: "controllers" });
  return { api, clock, leaders, candidate, cutOff, failing, hold, lease };
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

test("a leader renews while what it leads with is still starting", async (t) => {
  const { clock, leaders, candidate, hold } = start(t);
  const release = hold("a");
  candidate("a");
  await settle();
  candidate("b");
  await clock.advance(60_000);
  assert.deepEqual(leaders, []);
  release();
  await settle();
  assert.deepEqual(leaders, ["+a"]);
});

test("a leader that cannot start gives the lease up, and tries again", async (t) => {
  const { clock, leaders, candidate, failing } = start(t);
  failing.add("a");
  candidate("a");
  await settle();
  candidate("b");
  await clock.advance(5_000);
  assert.deepEqual(leaders, ["+b"]);
});

test("a candidate is settled when it leads, or when another one does", async (t) => {
  const { clock, candidate, hold } = start(t);
  const release = hold("a");
  const settled: string[] = [];
  const first = candidate("a");
  void first.settled.then(() => settled.push("a"));
  await settle();
  const second = candidate("b");
  void second.settled.then(() => settled.push("b"));
  await clock.advance(3_000);
  assert.deepEqual(settled, ["b"]);
  release();
  await settle();
  assert.deepEqual(settled, ["b", "a"]);
});
