import assert from "node:assert/strict";
import { test } from "node:test";
import { systemClock } from "@fairlead/lib/clock";
import { createMetrics } from "@fairlead/lib/metrics";
import { createNames } from "../names.ts";
import { testSettings } from "../settings.testing.ts";
import { answersOf } from "../wire/decode-message.ts";
import { encodeQuery } from "../wire/encode-message.ts";
import { recordTypes } from "../wire/message.ts";
import { requestMetrics } from "./request-metrics.ts";
import { createResponder, type Respond } from "./respond.ts";

const WEB = {
  namespace: "shop",
  name: "web",
  addresses: ["10.96.0.20"],
  externalName: undefined,
  headless: false,
  ports: [],
  endpoints: [],
};

/** A responder that knows one Service, and how many answers it has made. */
function start() {
  const names = createNames("cluster.local");
  names.setNamespace("shop", true);
  names.setService("shop/web", WEB);
  let made = 0;
  const settings = testSettings(undefined);
  const responder = createResponder({
    names,
    zone: { clusterDomain: "cluster.local", serverAddress: "10.96.0.10" },
    settings: {
      ...settings,
      get config() {
        // It is read once for each answer that is made.
        made += 1;
        return settings.config;
      },
    },
    serialBase: 0,
    clock: systemClock,
  });
  const metrics = createMetrics();
  const listener = { address: "10.0.0.1", port: 53, proto: "udp" } as const;
  const respond = responder({ proto: "udp", requests: requestMetrics(metrics)(listener) });
  return { respond, names, made: () => made };
}

const query = encodeQuery(1, { name: "web.shop.svc.cluster.local", type: recordTypes.A, class: 1 });
/** The fixed part of the OPT record is at the end: an option behind it. */
const withOption = (...option: number[]) => {
  const bytes = Buffer.concat([query, Uint8Array.from(option)]);
  bytes[query.length - 1] = option.length;
  return bytes;
};
const changed = (at: number, to: number) => {
  const bytes = Buffer.from(query);
  bytes[at < 0 ? bytes.length + at : at] = to;
  return bytes;
};
/** Where the type of the question is. */
const TYPE_AT = -14;

const rows: { name: string; bytes: Uint8Array; isKnown: boolean; isRefused?: true }[] = [
  { name: "the same query", bytes: query, isKnown: true },
  { name: "another id", bytes: changed(0, 7), isKnown: true },
  { name: "another spelling", bytes: changed(13, "W".charCodeAt(0)), isKnown: true },
  { name: "a cookie", bytes: withOption(0, 10, 0, 2, 1, 2), isKnown: true },
  { name: "a pad", bytes: withOption(0, 12, 0, 3, 0, 0, 0), isKnown: true },
  { name: "bits that no answer depends on", bytes: changed(3, 0x60), isKnown: true },
  { name: "a UDP size that gets no more", bytes: changed(-8, 16), isKnown: true },
  { name: "a smaller UDP size", bytes: changed(-8, 3), isKnown: false },
  { name: "the DO bit", bytes: changed(-4, 0x80), isKnown: false },
  { name: "the CD bit", bytes: changed(3, 0x10), isKnown: false },
  { name: "no RD", bytes: changed(2, 0), isKnown: false },
  { name: "another type", bytes: changed(TYPE_AT, 28), isKnown: false },
  { name: "another class", bytes: changed(TYPE_AT + 2, 3), isKnown: false, isRefused: true },
  { name: "no EDNS", bytes: changed(11, 0).subarray(0, -11), isKnown: false },
  { name: "a later EDNS", bytes: changed(-5, 1), isKnown: false, isRefused: true },
  { name: "half an option", bytes: withOption(0, 10, 0), isKnown: false, isRefused: true },
  { name: "an operation that is no query", bytes: changed(2, 0x11), isKnown: false, isRefused: true },
  { name: "bytes behind it", bytes: Buffer.concat([query, Buffer.alloc(60_000)]), isKnown: false },
  { name: "another name", bytes: changed(13, "b".charCodeAt(0)), isKnown: false },
];

for (const { name, bytes, isKnown, isRefused } of rows) {
  test(`an answer that is kept is given for ${isKnown ? "" : "no query with "}${name}`, async () => {
    const { respond, made } = start();
    await respond(query);
    const before = made();
    const response = await respond(bytes);
    assert.ok(response !== undefined);
    // A refusal is made without the configuration.
    if (isRefused !== true) assert.equal(made() === before, isKnown);
    // As if none was kept.
    assert.deepEqual(response, await start().respond(bytes));
  });
}

test("types whose numbers are letters are not taken for one another", async () => {
  const { respond } = start();
  for (const type of ["A".charCodeAt(0), "a".charCodeAt(0)]) {
    const response = (await respond(changed(TYPE_AT, type))) ?? query;
    assert.equal(response[query.length + TYPE_AT], type);
  }
});

/** As many names that are not there as half of the answers that are kept. */
async function flood(respond: Respond, round: number): Promise<void> {
  for (let i = 0; i < 30_000; i++) {
    await respond(encodeQuery(1, { name: `x${round}-${i}.shop.svc.cluster.local`, type: recordTypes.A, class: 1 }));
  }
}

test("answers that are kept do not fill the memory", async () => {
  const { respond, made } = start();
  await respond(query);
  for (const round of [1, 2, 3]) await flood(respond, round);
  const before = made();
  await respond(query);
  assert.equal(made(), before + 1);
});

test("an answer that is asked for again and again stays, whatever else is asked for", async () => {
  const { respond, made } = start();
  await respond(query);
  for (const round of [1, 2, 3]) {
    await flood(respond, round);
    const before = made();
    await respond(query);
    assert.equal(made(), before);
  }
});

test("a change of one Service leaves the answers about others", async () => {
  const { respond, made, names } = start();
  const reverse = encodeQuery(1, { name: "20.0.96.10.in-addr.arpa", type: recordTypes.PTR, class: 1 });
  const ask = async () => {
    const before = made();
    const texts = await Promise.all([query, reverse].map(async (one) => answersOf((await respond(one)) ?? one).length));
    return [...texts, made() - before];
  };
  assert.deepEqual(await ask(), [1, 1, 2]);
  assert.deepEqual(await ask(), [1, 1, 0]);
  names.setService("shop/other", { ...WEB, name: "other" });
  // Names of addresses may be of any Service.
  assert.deepEqual(await ask(), [1, 2, 1]);
  names.setService("shop/web", { ...WEB, addresses: ["10.96.0.20", "10.96.0.21"] });
  assert.deepEqual(await ask(), [2, 2, 2]);
  names.setService("shop/web", undefined);
  assert.deepEqual(await ask(), [0, 1, 2]);
  names.setService("shop/web", WEB);
  assert.deepEqual(await ask(), [1, 2, 2]);
});
