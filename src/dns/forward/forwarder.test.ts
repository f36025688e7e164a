import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@fairlead/lib/clock";
import { createMetrics } from "@fairlead/lib/metrics";
import { answersOf, decodeResponse } from "../wire/decode-message.ts";
import type { DnsRecord, Query, Reply } from "../wire/message.ts";
import { forwardMetrics } from "./forward-metrics.ts";
import { createForwarder } from "./forwarder.ts";
import { startFakeUpstream } from "./upstream.testing.ts";
import { upstreamsOf } from "./upstream.ts";

const question = (name: string) => ({ name, type: 1, class: 1 });
const a = (name: string, address: string, ttlSeconds = 60): DnsRecord => ({ name, ttlSeconds, type: "A", address });
const soa: DnsRecord = {
  name: "example",
  ttlSeconds: 60,
  type: "SOA",
  primary: "ns.example",
  mailbox: "me.example",
  serial: 1,
  refreshSeconds: 1,
  retrySeconds: 1,
  expireSeconds: 1,
  negativeTtlSeconds: 10,
};
const ok = (...answers: DnsRecord[]): Reply => ({ rcode: "NOERROR", authoritative: false, answers });

/** A clock whose time is set by hand, and whose pauses are real. */
function movableClock() {
  let nowMs = 1_000_000;
  return { ...systemClock, now: () => nowMs, monotonicMs: () => nowMs, move: (ms: number) => (nowMs += ms) };
}

const kept: { name: string; reply: (query: Query) => Reply; afterMs: number; asked: number; ttlSeconds?: number }[] = [
  {
    name: "an answer is kept, and grows old",
    reply: (q) => ok(a(q.question.name, "192.0.2.1", 20)),
    afterMs: 5_000,
    asked: 1,
    ttlSeconds: 15,
  },
  {
    name: "an answer is not kept longer than it may",
    reply: (q) => ok(a(q.question.name, "192.0.2.1", 4)),
    afterMs: 5_000,
    asked: 2,
  },
  {
    name: "no answer is kept longer than 30 s",
    reply: (q) => ok(a(q.question.name, "192.0.2.1", 9_999)),
    afterMs: 31_000,
    asked: 2,
  },
  {
    name: "what is not there is remembered as long as its zone says",
    reply: () => ({ ...ok(), rcode: "NXDOMAIN", authority: [soa] }),
    afterMs: 9_000,
    asked: 1,
  },
  {
    name: "and not longer",
    reply: () => ({ ...ok(), rcode: "NXDOMAIN", authority: [soa] }),
    afterMs: 11_000,
    asked: 2,
  },
  {
    name: "an alias that leads to nothing is remembered as long as that may be",
    reply: (q) => ({
      ...ok({ name: q.question.name, ttlSeconds: 60, type: "CNAME", target: "b.example" }),
      authority: [soa],
    }),
    afterMs: 9_000,
    asked: 1,
  },
  {
    name: "and not as long as the alias",
    reply: (q) => ({
      ...ok({ name: q.question.name, ttlSeconds: 60, type: "CNAME", target: "b.example" }),
      authority: [soa],
    }),
    afterMs: 11_000,
    asked: 2,
  },
  { name: "nor without a word from the zone", reply: () => ({ ...ok(), rcode: "NXDOMAIN" }), afterMs: 1, asked: 2 },
  {
    name: "an answer of several kilobytes is not kept",
    reply: (q) => ok(...Array.from({ length: 300 }, (_, i) => a(q.question.name, `192.0.${i >> 8}.${i & 255}`))),
    afterMs: 1,
    // Each time over UDP, and then over TCP.
    asked: 4,
  },
  { name: "a failure is not kept", reply: () => ({ ...ok(), rcode: "SERVFAIL" }), afterMs: 1, asked: 2 },
];

for (const { name, reply, afterMs, asked, ttlSeconds } of kept) {
  test(`forwarder: ${name}`, async () => {
    await using upstream = await startFakeUpstream(reply);
    const clock = movableClock();
    const forwarder = createForwarder({ upstreams: [upstream], clock });
    await forwarder.resolve(question("www.example"));
    clock.move(afterMs);
    const second = (await forwarder.resolve(question("www.example"))) ?? new Uint8Array();
    assert.equal(upstream.asked.length, asked);
    if (ttlSeconds !== undefined) assert.equal(answersOf(second)[0]?.ttlSeconds, ttlSeconds);
    forwarder.close();
  });
}

test("forwarder: the same question at the same time is asked once", async () => {
  await using upstream = await startFakeUpstream((q) => ok(a(q.question.name, "192.0.2.1", 0)));
  const forwarder = createForwarder({ upstreams: [upstream], clock: systemClock });
  const all = await Promise.all(
    ["a.example", "a.example", "b.example"].map((name) => forwarder.resolve(question(name))),
  );
  assert.equal(all.filter((bytes) => bytes !== undefined).length, 3);
  assert.deepEqual(upstream.asked.toSorted(), ["udp a.example", "udp b.example"]);
  forwarder.close();
});

test("forwarder: what is too long for UDP is asked again over TCP", async () => {
  const addresses = Array.from({ length: 200 }, (_, i) => `192.0.2.${i}`);
  await using upstream = await startFakeUpstream((q) => ok(...addresses.map((address) => a(q.question.name, address))));
  const forwarder = createForwarder({ upstreams: [upstream], clock: systemClock });
  const bytes = (await forwarder.resolve(question("many.example"))) ?? new Uint8Array();
  assert.equal(decodeResponse(bytes).answers.length, 200);
  assert.deepEqual(upstream.asked, ["udp many.example", "tcp many.example"]);
  forwarder.close();
});

test("forwarder: another upstream is asked when one is silent or gone, and then first", async () => {
  await using silent = await startFakeUpstream(() => undefined);
  const gone = await startFakeUpstream(() => undefined);
  await gone[Symbol.asyncDispose]();
  await using good = await startFakeUpstream((q) => ok(a(q.question.name, "192.0.2.1", 0)));
  const forwarder = createForwarder({ upstreams: [silent, { ...gone }, good], clock: systemClock, timeoutMs: 50 });
  assert.ok(await forwarder.resolve(question("a.example")));
  assert.ok(await forwarder.resolve(question("b.example")));
  assert.deepEqual([silent.asked.length, good.asked.length], [1, 2]);
  forwarder.close();
});

test("forwarder: each response is counted by upstream and code, and no silence", async () => {
  await using silent = await startFakeUpstream(() => undefined);
  await using good = await startFakeUpstream(({ question: { name } }) =>
    name === "none.example"
      ? { ...ok(), rcode: "NXDOMAIN" }
      : ok(...Array.from({ length: 200 }, (_, i) => a(name, `192.0.2.${i}`))),
  );
  const metrics = createMetrics();
  const options = { upstreams: [silent, good], clock: systemClock, timeoutMs: 50 };
  const forwarder = createForwarder({ ...options, metrics: forwardMetrics(metrics) });
  await forwarder.resolve(question("none.example"));
  await forwarder.resolve(question("many.example"));
  forwarder.close();
  const counts = metrics.text().matchAll(/^coredns_proxy_request_duration_seconds_count\{(.*)\} (.*)$/gm);
  const to = `proxy_name="forward",to="127.0.0.1:${good.port}"`;
  assert.deepEqual(
    [...counts].map(([, labels, count]) => `${labels} ${count}`),
    // The long answer came over UDP and then over TCP.
    [`${to},rcode="NXDOMAIN" 1`, `${to},rcode="NOERROR" 2`],
  );
});

test("forwarder: questions beyond the limit are rejected and counted", async () => {
  await using silent = await startFakeUpstream(() => undefined);
  const metrics = createMetrics();
  const forwarder = createForwarder({ upstreams: [silent], clock: systemClock, metrics: forwardMetrics(metrics) });
  const all = Array.from({ length: 1_002 }, (_, i) => forwarder.resolve(question(`n${i}.example`)));
  assert.deepEqual(await Promise.all(all.slice(1_000)), [undefined, undefined]);
  assert.match(metrics.text(), /^coredns_forward_max_concurrent_rejects_total 2$/m);
  forwarder.close();
  await Promise.all(all);
});

test("forwarder: when no upstream answers, there is no response", async () => {
  await using silent = await startFakeUpstream(() => undefined);
  const forwarder = createForwarder({ upstreams: [silent], clock: systemClock, timeoutMs: 20 });
  assert.equal(await forwarder.resolve(question("a.example")), undefined);
  assert.equal(silent.asked.length, 2, "asked in two rounds");
  forwarder.close();
});

test("the name servers of a resolv.conf", () => {
  const text =
    "# made by hand\nsearch example\nnameserver 192.0.2.1\n  nameserver\tfd00::1 # comment\noptions ndots:5\nnameserver\n";
  assert.deepEqual(upstreamsOf(text), [{ address: "192.0.2.1" }, { address: "fd00::1" }]);
});
