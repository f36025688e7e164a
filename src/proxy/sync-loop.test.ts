import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { silentLogger } from "@fairlead/lib/log";
import { createMetrics } from "@fairlead/lib/metrics";
import { startSyncLoop } from "./sync-loop.ts";
import { syncMetrics } from "./sync-metrics.ts";

function start(t: TestContext) {
  const clock = createFakeClock();
  const said: string[] = [];
  const metrics = createMetrics();
  const ready = Promise.withResolvers<void>();
  let write: () => Promise<void> = async () => {};
  const loop = startSyncLoop({
    ready: ready.promise,
    log: silentLogger,
    clock,
    metrics: syncMetrics(metrics),
    sync: {
      write(keys) {
        said.push(`write ${keys.join(" ")}`);
        return write();
      },
      tidy: async () => {},
      verify: async () => void said.push("verify"),
    },
  });
  t.after(() => loop.stop());
  return { clock, loop, metrics, ready, said, onWrite: (next: () => Promise<void>) => (write = next) };
}

test("nothing is written before everything is there, then all at once", async (t) => {
  const { loop, ready, said } = start(t);
  loop.touch(["a"]);
  loop.touch(["b"]);
  await settle();
  assert.deepEqual(said, []);
  ready.resolve();
  await loop.synced;
  assert.deepEqual(said, ["write a b"]);
  assert.equal(loop.health().healthy, true);
});

test("what comes during a write is written together after it", async (t) => {
  const { loop, ready, said, onWrite } = start(t);
  ready.resolve();
  await loop.synced;
  const writing = Promise.withResolvers<void>();
  onWrite(() => writing.promise);
  loop.touch(["a"]);
  await settle();
  loop.touch(["b"]);
  loop.touch(["c"]);
  loop.touch(["b"]);
  await settle();
  assert.deepEqual(said, ["write ", "write a"]);
  writing.resolve();
  await settle();
  assert.deepEqual(said, ["write ", "write a", "write b c"]);
});

test("a refused write is tried again with growing pauses, and reported by health", async (t) => {
  const { clock, loop, metrics, ready, said, onWrite } = start(t);
  onWrite(() => Promise.reject(new Error("refused")));
  loop.touch(["a"]);
  ready.resolve();
  await settle();
  assert.equal(loop.health().healthy, false);
  await clock.advance(20);
  await clock.advance(30);
  assert.equal(said.length, 2);
  await clock.advance(10);
  assert.equal(said.length, 3);
  onWrite(async () => {});
  await clock.advance(80);
  await loop.synced;
  assert.deepEqual(said, Array(4).fill("write a"));
  assert.equal(loop.health().healthy, true);
  assert.match(metrics.text(), /^kubeproxy_sync_proxy_rules_nftables_sync_failures_total 3$/m);
  assert.match(metrics.text(), /^kubeproxy_sync_proxy_rules_duration_seconds_count 1$/m);
});

test("changes do not shorten the pause after a refused write, and those of the next write's time come right after it", async (t) => {
  const { clock, loop, ready, said, onWrite } = start(t);
  onWrite(() => Promise.reject(new Error("refused")));
  loop.touch(["a"]);
  ready.resolve();
  await settle();
  loop.touch(["b"]);
  await clock.advance(19);
  assert.deepEqual(said, ["write a"]);
  const writing = Promise.withResolvers<void>();
  onWrite(() => writing.promise);
  await clock.advance(1);
  loop.touch(["c"]);
  onWrite(async () => {});
  writing.resolve();
  await settle();
  assert.deepEqual(said, ["write a", "write a b", "write c"]);
});

test("now and then the kernel is asked whether it still has everything", async (t) => {
  const { clock, loop, ready, said } = start(t);
  ready.resolve();
  await loop.synced;
  await clock.advance(30_000);
  assert.deepEqual(said, ["write ", "verify", "write "]);
});

test("a verification that is asked for is done at once, also while one is running", async (t) => {
  const { loop, ready, said, onWrite } = start(t);
  ready.resolve();
  await loop.synced;
  const verifiedTwice = new Promise<void>((resolve) => {
    onWrite(async () => {
      if (said.filter((what) => what === "verify").length === 1) loop.verify();
      else resolve();
    });
  });
  loop.verify();
  await verifiedTwice;
  assert.deepEqual(said, ["write ", "verify", "write ", "verify", "write "]);
});

test("a loop that was stopped before it was ready rejects the promise of readiness", async () => {
  const clock = createFakeClock();
  const sync = { write: async () => {}, tidy: async () => {}, verify: async () => {} };
  const ready = Promise.reject(new Error("The cache was stopped"));
  const loop = startSyncLoop({ ready, log: silentLogger, clock, sync });
  await loop.stop();
  await assert.rejects(loop.synced, /stopped/);
});
