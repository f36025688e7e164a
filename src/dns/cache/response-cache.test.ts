import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock, settle } from "@fairlead/lib/clock.testing";
import { createMetrics } from "@fairlead/lib/metrics";
import { answersOf, decodeQuery, decodeResponse } from "../wire/decode-message.ts";
import { encodeQuery, encodeReply, TCP_BYTES_MAX } from "../wire/encode-message.ts";
import type { DnsRecord, Reply } from "../wire/message.ts";
import type { CacheConfig } from "./cache-config.ts";
import { cacheMetrics } from "./cache-metrics.ts";
import { createResponseCache } from "./response-cache.ts";

const NAME = "www.example";
const limits = { capacity: 1_024, ttlMaxSeconds: 30, ttlMinSeconds: 0 };
const config: CacheConfig = {
  zones: [""],
  success: limits,
  denial: limits,
  servfailSeconds: 0,
  successDisabled: [],
  denialDisabled: [],
  prefetch: undefined,
  serveStale: undefined,
  keepTtl: false,
};
const stale = { forMs: 60_000, mode: "immediate", verifyMs: 0, ttlSeconds: 0, recheckMs: 0 } as const;

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
const a = (ttlSeconds: number, address = "192.0.2.1"): DnsRecord => ({ name: NAME, ttlSeconds, type: "A", address });
const alias: DnsRecord = { name: NAME, ttlSeconds: 60, type: "CNAME", target: "b.example" };
const denied: Reply = { ...ok(), rcode: "NXDOMAIN", authority: [soa] };
const failed: Reply = { ...ok(), rcode: "SERVFAIL" };

/** A cache before an upstream that gives these replies in turn, the last one from then on; undefined is silence. */
function start(changes: Partial<CacheConfig>, replies: readonly (Reply | undefined)[], bytesMax?: number) {
  const clock = createFakeClock();
  const metrics = createMetrics();
  const asked: string[] = [];
  const resolve = createResponseCache({
    config: { ...config, ...changes },
    async ask(question) {
      const reply = replies[Math.min(asked.length, replies.length - 1)];
      asked.push(question.name);
      const query = encodeQuery(7, question);
      return reply === undefined ? undefined : encodeReply(decodeQuery(query), query, reply, TCP_BYTES_MAX).slice();
    },
    bytesMax,
    clock,
    metrics: cacheMetrics(metrics, "dns://10.0.0.1:53", "."),
  });
  /** The code, and the TTL of the first record: `0 15`. */
  async function look(name = NAME): Promise<string> {
    const bytes = await resolve({ name, type: 1, class: 1 });
    if (bytes === undefined) return "nothing";
    return `${decodeResponse(bytes).rcode} ${answersOf(bytes)[0]?.ttlSeconds ?? "-"}`;
  }
  const counted = (metric: string) =>
    [...metrics.text().matchAll(/^coredns_cache_(\w+)\{(.*)\} (\d+)$/gm)]
      .filter(([, name]) => name === metric)
      .map(([, , labels, count]) => `${/type="(\w+)"/.exec(labels ?? "")?.[1] ?? ""}${count}`)
      .join(" ");
  return { clock, look, asked, counted };
}

const rows: {
  name: string;
  changes?: Partial<CacheConfig>;
  replies: readonly (Reply | undefined)[];
  /** Seconds between one question and the next. */
  afterSeconds: readonly number[];
  want: readonly string[];
  asked: number;
}[] = [
  {
    name: "an answer is kept, and grows old",
    replies: [ok(a(20))],
    afterSeconds: [5],
    want: ["0 20", "0 15"],
    asked: 1,
  },
  { name: "not longer than it may", replies: [ok(a(4))], afterSeconds: [5], want: ["0 4", "0 4"], asked: 2 },
  { name: "not longer than the limit", replies: [ok(a(9_999))], afterSeconds: [31], want: ["0 30", "0 30"], asked: 2 },
  {
    name: "no TTL is longer than the answer is kept",
    replies: [ok(a(9_999))],
    afterSeconds: [10],
    want: ["0 30", "0 20"],
    asked: 1,
  },
  {
    name: "an answer is kept as long as the shortest time",
    changes: { success: { ...limits, ttlMinSeconds: 5 } },
    replies: [ok(a(0))],
    afterSeconds: [4, 2],
    want: ["0 0", "0 0", "0 0"],
    asked: 2,
  },
  {
    name: "with keepttl the TTL stays",
    changes: { keepTtl: true },
    replies: [ok(a(20))],
    afterSeconds: [5],
    want: ["0 20", "0 20"],
    asked: 1,
  },
  { name: "a denial is kept as its zone says", replies: [denied], afterSeconds: [9], want: ["3 -", "3 -"], asked: 1 },
  { name: "and not longer", replies: [denied], afterSeconds: [11], want: ["3 -", "3 -"], asked: 2 },
  {
    name: "an alias that leads to nothing is kept as long as that may be",
    replies: [{ ...ok(alias), authority: [soa] }],
    afterSeconds: [9, 2],
    want: ["0 10", "0 1", "0 10"],
    asked: 2,
  },
  {
    name: "a denial without a SOA record is not kept",
    replies: [{ ...ok(), rcode: "NXDOMAIN" }],
    afterSeconds: [1],
    want: ["3 -", "3 -"],
    asked: 2,
  },
  {
    name: "a refusal is not kept",
    replies: [{ ...ok(), rcode: "REFUSED" }],
    afterSeconds: [1],
    want: ["5 -", "5 -"],
    asked: 2,
  },
  { name: "nor is silence", replies: [undefined], afterSeconds: [1], want: ["nothing", "nothing"], asked: 2 },
  {
    name: "a failure is kept as long as servfail says",
    changes: { servfailSeconds: 5 },
    replies: [failed],
    afterSeconds: [4, 2],
    want: ["2 -", "2 -", "2 -"],
    asked: 2,
  },
  {
    name: "an answer of several kilobytes is not kept",
    replies: [ok(...Array.from({ length: 300 }, (_, i) => a(60, `192.0.${i >> 8}.${i & 255}`)))],
    afterSeconds: [1],
    want: ["0 60", "0 60"],
    asked: 2,
  },
  {
    name: "names outside the zones are not cached",
    changes: { zones: ["other.example"] },
    replies: [ok(a(20))],
    afterSeconds: [1],
    want: ["0 20", "0 20"],
    asked: 2,
  },
  {
    name: "nor those for which the cache of answers is disabled",
    changes: { successDisabled: ["example"] },
    replies: [ok(a(20))],
    afterSeconds: [1],
    want: ["0 20", "0 20"],
    asked: 2,
  },
  {
    name: "stale answers are given while they are asked for again",
    changes: { serveStale: stale },
    replies: [ok(a(10)), ok(a(20))],
    afterSeconds: [11, 0],
    want: ["0 10", "0 0", "0 20"],
    asked: 2,
  },
  {
    name: "stale answers are given while the upstream is away, and not longer than they may",
    changes: { serveStale: stale },
    replies: [ok(a(10)), undefined],
    afterSeconds: [11, 58, 2],
    want: ["0 10", "0 0", "0 0", "nothing"],
    asked: 4,
  },
  {
    name: "a failure does not replace a stale answer",
    changes: { serveStale: stale, servfailSeconds: 5 },
    replies: [ok(a(10)), failed],
    afterSeconds: [11, 1],
    want: ["0 10", "0 0", "0 0"],
    asked: 3,
  },
  {
    name: "after a failure it waits before it asks again",
    changes: { serveStale: { ...stale, recheckMs: 5_000, ttlSeconds: 30 } },
    replies: [ok(a(10)), undefined],
    afterSeconds: [11, 4, 2],
    want: ["0 10", "0 10", "0 10", "0 10"],
    asked: 3,
  },
  {
    name: "verify gives the new answer when there is one",
    changes: { serveStale: { ...stale, mode: "verify" } },
    replies: [ok(a(10)), ok(a(20))],
    afterSeconds: [11],
    want: ["0 10", "0 20"],
    asked: 2,
  },
  {
    name: "verify gives the stale answer when there is none",
    changes: { serveStale: { ...stale, mode: "verify" } },
    replies: [ok(a(10)), undefined],
    afterSeconds: [11],
    want: ["0 10", "0 0"],
    asked: 2,
  },
  {
    name: "a popular answer is asked for again before it expires",
    changes: { prefetch: { amount: 2, gapMs: 60_000, percentage: 10 } },
    replies: [ok(a(20)), ok(a(25))],
    afterSeconds: [1, 17.5, 0, 0],
    want: ["0 20", "0 19", "0 2", "0 25", "0 25"],
    asked: 2,
  },
  {
    name: "one that is not popular is not",
    changes: { prefetch: { amount: 3, gapMs: 10_000, percentage: 10 } },
    replies: [ok(a(20)), ok(a(25))],
    afterSeconds: [1, 17.5, 0],
    want: ["0 20", "0 19", "0 2", "0 2"],
    asked: 1,
  },
];

for (const { name, changes = {}, replies, afterSeconds, want, asked: wantAsked } of rows) {
  test(`cache: ${name}`, async () => {
    const { clock, look, asked } = start(changes, replies);
    const got = [await look()];
    for (const seconds of afterSeconds) {
      await clock.advance(seconds * 1_000);
      got.push(await look());
      await settle();
    }
    assert.deepEqual(got, want);
    assert.equal(asked.length, wantAsked);
  });
}

test("cache: verify gives the stale answer after its time, and the late answer is kept", async () => {
  const clock = createFakeClock();
  const late = Promise.withResolvers<Uint8Array>();
  const query = encodeQuery(7, { name: NAME, type: 1, class: 1 });
  const response = (ttl: number) => encodeReply(decodeQuery(query), query, ok(a(ttl)), TCP_BYTES_MAX).slice();
  let asked = 0;
  const resolve = createResponseCache({
    config: { ...config, serveStale: { ...stale, mode: "verify", verifyMs: 100 } },
    ask: async () => (asked++ === 0 ? response(10) : await late.promise),
    clock,
  });
  const question = { name: NAME, type: 1, class: 1 };
  await resolve(question);
  await clock.advance(11_000);
  const answering = resolve(question);
  await clock.advance(100);
  assert.equal(answersOf((await answering) ?? new Uint8Array())[0]?.ttlSeconds, 0);
  late.resolve(response(20));
  await settle();
  assert.equal(answersOf((await resolve(question)) ?? new Uint8Array())[0]?.ttlSeconds, 20);
  assert.equal(asked, 2);
});

test("cache: it is bounded in entries and in bytes, and counts", async () => {
  const byEntries = start({ success: { ...limits, capacity: 2 } }, [ok(a(20))]);
  for (const name of ["a.example", "b.example", "c.example", "c.example", "a.example"]) await byEntries.look(name);
  assert.deepEqual(byEntries.asked, ["a.example", "b.example", "c.example", "a.example"]);
  assert.equal(byEntries.counted("entries"), "success2 denial0");
  assert.equal(byEntries.counted("evictions_total"), "success2");
  assert.equal(byEntries.counted("requests_total"), "5");
  assert.equal(byEntries.counted("hits_total"), "success1");
  assert.equal(byEntries.counted("misses_total"), "4");

  const byBytes = start({}, [ok(a(20))], 150);
  for (const name of ["a.example", "b.example", "a.example"]) await byBytes.look(name);
  assert.equal(byBytes.counted("evictions_total"), "success2");
});
