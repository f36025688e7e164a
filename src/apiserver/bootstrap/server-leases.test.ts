import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@fairlead/lib/clock.testing";
import { createMemoryStore } from "@fairlead/store/memory/memory-store";
import { serverLeases } from "./server-leases.ts";

function start() {
  const store = createMemoryStore();
  const clock = createFakeClock();
  return { clock, server: (address: string) => serverLeases(store, address, clock) };
}

test("servers that renew are alive", async () => {
  const { clock, server } = start();
  const [a, b] = [server("10.0.0.1"), server("10.0.0.2")];
  for (let round = 0; round < 5; round++) {
    await Promise.all([a.renew(), b.renew()]);
    assert.deepEqual(await a.addresses(), ["10.0.0.1", "10.0.0.2"]);
    await clock.advance(10_000);
  }
});

test("a server that no longer renews is forgotten by all, and known again when it comes back", async () => {
  const { clock, server } = start();
  const [a, b, c] = [server("10.0.0.1"), server("10.0.0.2"), server("10.0.0.3")];
  await Promise.all([a.renew(), b.renew(), c.renew()]);
  for (const expected of [3, 3, 2, 2]) {
    await Promise.all([a.renew(), b.renew()]);
    const [first, second] = [await a.addresses(), await b.addresses()];
    assert.deepEqual([first.length, second.length], [expected, expected]);
    await clock.advance(10_000);
  }
  await c.renew();
  assert.equal((await a.addresses()).length, 3);
});

test("a server that has just started takes another's lease for alive until it has seen that it is not renewed", async () => {
  const { clock, server } = start();
  await server("10.0.0.1").renew();
  await clock.advance(3_600_000);
  const late = server("10.0.0.2");
  await late.renew();
  assert.deepEqual(await late.addresses(), ["10.0.0.1", "10.0.0.2"]);
  await clock.advance(16_000);
  assert.deepEqual(await late.addresses(), ["10.0.0.2"]);
});

test("a server that stops is forgotten at once", async () => {
  const { server } = start();
  const [a, b] = [server("10.0.0.1"), server("10.0.0.2")];
  await Promise.all([a.renew(), b.renew()]);
  await b.release();
  assert.deepEqual(await a.addresses(), ["10.0.0.1"]);
});
