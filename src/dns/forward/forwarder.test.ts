import assert from "node:assert/strict";
import { test } from "node:test";
import { makeTestCertificates } from "@fairlead/client/transport/certificates.testing";
import { systemClock } from "@fairlead/lib/clock";
import { createMetrics, type Metrics } from "@fairlead/lib/metrics";
import { until } from "@fairlead/lib/until.testing";
import { decodeResponse } from "../wire/decode-message.ts";
import type { DnsRecord, Query, Reply } from "../wire/message.ts";
import { forwardMetrics } from "./forward-metrics.ts";
import { createForwarder } from "./forwarder.ts";
import { type FakeUpstream, startFakeUpstream } from "./upstream.testing.ts";
import { type Upstream, upstreamsOf } from "./upstream.ts";
import { upstreamOrder } from "./upstream-order.ts";

const question = (name: string) => ({ name, type: 1, class: 1 });
const a = (name: string, address: string, ttlSeconds = 60): DnsRecord => ({ name, ttlSeconds, type: "A", address });
/** What an upstream was asked, health checks left out. */
const questions = ({ asked }: FakeUpstream) => asked.filter((line) => line.endsWith("example"));
/** How many health checks failed. */
const failures = (metrics: Metrics) => {
  const lines = metrics.text().matchAll(/^coredns_proxy_healthcheck_failures_total\{.*\} (\d+)$/gm);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
};
const ok = (...answers: DnsRecord[]): Reply => ({ rcode: "NOERROR", authoritative: false, answers });

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
  assert.deepEqual([questions(silent), questions(good)], [["udp a.example"], ["udp a.example", "udp b.example"]]);
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
  assert.equal(questions(silent).length, 2, "asked in two rounds");
  forwarder.close();
});

test("forwarder: an upstream that fails its checks is down until it answers one", async () => {
  let isSilent = true;
  const reply = (q: Query) => (isSilent ? undefined : ok(a(q.question.name, "192.0.2.1", 0)));
  await using sick = await startFakeUpstream(reply);
  const metrics = createMetrics();
  const options = { upstreams: [sick], clock: systemClock, timeoutMs: 20, healthCheckMs: 5, maxFails: 2 };
  const forwarder = createForwarder({ ...options, failFast: true, metrics: forwardMetrics(metrics) });
  assert.equal(await forwarder.resolve(question("a.example")), undefined);
  await until("three checks failed", () => failures(metrics) > 2 || undefined);
  const before = questions(sick).length;
  assert.equal(await forwarder.resolve(question("b.example")), undefined);
  assert.equal(questions(sick).length, before, "it is down: it is not asked");
  assert.match(metrics.text(), /^coredns_forward_healthcheck_broken_total 1$/m);
  isSilent = false;
  await until("it answers again", () => forwarder.resolve(question("c.example")));
  forwarder.close();
});

test("forwarder: with max_fails 0 an upstream is not checked", async () => {
  await using silent = await startFakeUpstream(() => undefined);
  const forwarder = createForwarder({ upstreams: [silent], clock: systemClock, timeoutMs: 20, maxFails: 0 });
  await forwarder.resolve(question("a.example"));
  assert.deepEqual(silent.asked, ["udp a.example", "udp a.example"]);
  forwarder.close();
});

test("forwarder: a code of failover makes it ask the next upstream, and the last one's answer counts", async () => {
  await using first = await startFakeUpstream(() => ({ ...ok(), rcode: "REFUSED" }));
  await using second = await startFakeUpstream(() => ({ ...ok(), rcode: "SERVFAIL" }));
  const options = { upstreams: [first, second], clock: systemClock, failover: ["REFUSED", "SERVFAIL"] };
  const forwarder = createForwarder(options);
  const bytes = (await forwarder.resolve(question("a.example"))) ?? new Uint8Array();
  assert.equal(decodeResponse(bytes).rcode, 2);
  assert.deepEqual([questions(first).length, questions(second).length], [1, 1]);
  forwarder.close();
});

const transports: { name: string; upstream: Partial<Upstream>; forceTcp?: boolean; want: readonly string[] }[] = [
  { name: "UDP", upstream: {}, want: ["udp a.example", "udp b.example"] },
  { name: "TCP, over one connection", upstream: { transport: "tcp" }, want: ["tcp a.example", "tcp b.example"] },
  { name: "TCP by force_tcp", upstream: {}, forceTcp: true, want: ["tcp a.example", "tcp b.example"] },
];

for (const { name, upstream: more, forceTcp, want } of transports) {
  test(`forwarder: asks over ${name}`, async () => {
    await using upstream = await startFakeUpstream((q) => ok(a(q.question.name, "192.0.2.1", 0)));
    const { address, port } = upstream;
    const forwarder = createForwarder({ upstreams: [{ address, port, ...more }], clock: systemClock, forceTcp });
    for (const asked of ["a.example", "b.example"]) assert.ok(await forwarder.resolve(question(asked)));
    assert.deepEqual(upstream.asked, want);
    assert.equal(upstream.connections(), want[0]?.startsWith("tcp") === true ? 1 : 0);
    forwarder.close();
  });
}

test("forwarder: asks over a new connection when the upstream has closed the one that was kept", async () => {
  await using upstream = await startFakeUpstream((q) => ok(a(q.question.name, "192.0.2.1", 0)));
  const forwarder = createForwarder({ upstreams: [upstream], clock: systemClock, forceTcp: true });
  assert.ok(await forwarder.resolve(question("a.example")));
  upstream.dropConnections();
  assert.ok(await forwarder.resolve(question("b.example")));
  assert.equal(upstream.connections(), 2);
  forwarder.close();
});

const overTls: { name: string; tlsServerName?: string; isTrusted?: boolean; isAnswered: boolean }[] = [
  { name: "with the name that is asked for", tlsServerName: "dns.example", isAnswered: true },
  { name: "with its address", isAnswered: true },
  { name: "with another name", tlsServerName: "other.example", isAnswered: false },
  { name: "of an authority that is not trusted", tlsServerName: "dns.example", isTrusted: false, isAnswered: false },
];

for (const { name, tlsServerName, isTrusted = true, isAnswered } of overTls) {
  test(`forwarder: over TLS, a certificate ${name} is ${isAnswered ? "accepted" : "refused"}`, async () => {
    const { ca, server } = await makeTestCertificates({ serverName: "dns.example" });
    await using upstream = await startFakeUpstream((q) => ok(a(q.question.name, "192.0.2.1", 0)), server);
    const { address, port } = upstream;
    const forwarder = createForwarder({
      upstreams: [{ address, port, transport: "tls", ...(tlsServerName !== undefined && { tlsServerName }) }],
      clock: systemClock,
      maxFails: 0,
      trusted: isTrusted ? ca : undefined,
    });
    for (const asked of ["a.example", "b.example"]) {
      assert.equal((await forwarder.resolve(question(asked))) !== undefined, isAnswered);
    }
    assert.equal(upstream.connections(), isAnswered ? 1 : 0);
    forwarder.close();
  });
}

const orders: { policy: Parameters<typeof upstreamOrder>[0]; turn: number; random: number; want: number[] }[] = [
  { policy: "sequential", turn: 5, random: 0, want: [0, 1, 2] },
  { policy: "round_robin", turn: 0, random: 0, want: [0, 1, 2] },
  { policy: "round_robin", turn: 4, random: 0, want: [1, 2, 0] },
  { policy: "random", turn: 0, random: 0, want: [1, 2, 0] },
  { policy: "random", turn: 0, random: 0.99, want: [0, 1, 2] },
];

for (const { policy, turn, random, want } of orders) {
  test(`forwarder: the order of policy ${policy}, turn ${turn}, random ${random}`, () => {
    assert.deepEqual(upstreamOrder(policy, 3, { turn, random: () => random }), want);
  });
}

test("the name servers of a resolv.conf", () => {
  const text =
    "# made by hand\nsearch example\nnameserver 192.0.2.1\n  nameserver\tfd00::1 # comment\noptions ndots:5\nnameserver\n";
  assert.deepEqual(upstreamsOf(text), [{ address: "192.0.2.1" }, { address: "fd00::1" }]);
});
