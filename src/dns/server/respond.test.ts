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
import { createResponder } from "./respond.ts";

/** A responder that knows one Service, and how often it looked for it. */
function start() {
  const names = createNames("cluster.local");
  names.setNamespace("shop", true);
  names.setService("shop/web", {
    namespace: "shop",
    name: "web",
    addresses: ["10.96.0.20"],
    externalName: undefined,
    headless: false,
    ports: [],
    endpoints: [],
  });
  let looks = 0;
  const responder = createResponder({
    names: {
      ...names,
      get generation() {
        return names.generation;
      },
      service(key) {
        looks += 1;
        return names.service(key);
      },
    },
    zone: { clusterDomain: "cluster.local", serverAddress: "10.96.0.10" },
    settings: testSettings(undefined),
    serialBase: 0,
    clock: systemClock,
  });
  const metrics = createMetrics();
  const listener = { address: "10.0.0.1", port: 53, proto: "udp" } as const;
  const respond = responder({ proto: "udp", requests: requestMetrics(metrics)(listener) });
  return { respond, metrics, looks: () => looks };
}

const query = encodeQuery(1, { name: "web.shop.svc.cluster.local", type: recordTypes.A, class: 1 });
const rows: { name: string; bytes: Uint8Array; wantLooks: number }[] = [
  { name: "what was asked before is known", bytes: query, wantLooks: 1 },
  {
    name: "the answer to a query that was made long is not kept",
    bytes: Buffer.concat([query, Buffer.alloc(60_000)]),
    wantLooks: 2,
  },
];

for (const { name, bytes, wantLooks } of rows) {
  test(name, async () => {
    const { respond, looks } = start();
    for (let i = 0; i < 2; i++) {
      const response = await respond(bytes);
      assert.ok(response !== undefined);
      assert.deepEqual(
        answersOf(response).map((record) => "address" in record && record.address),
        ["10.96.0.20"],
      );
    }
    assert.equal(looks(), wantLooks);
  });
}

test("answers that are kept ready do not fill the memory", async () => {
  const { respond, looks } = start();
  await respond(query);
  // Each of them another query of 512 bytes, fewer than the number that may be kept.
  const padded = Buffer.concat([query, Buffer.alloc(512 - query.length)]);
  for (let i = 0; i < 18_000; i++) {
    padded.writeUInt32BE(i, 500);
    await respond(padded);
  }
  const before = looks();
  await respond(query);
  assert.equal(looks(), before + 1);
});
