import assert from "node:assert/strict";
import { test } from "node:test";
import { queryOf } from "./query-text.testing.ts";
import { SPECIFICATION } from "./specification-table.testing.ts";
import { createTableResponder, manyPods } from "./table.testing.ts";
import { decodeQuery } from "./wire/decode-message.ts";
import { formatMessage } from "./wire/format-message.testing.ts";

const responder = createTableResponder();

for (const { about, rows } of SPECIFICATION) {
  for (const { ask, want } of rows) {
    test(`${about}: ${ask}`, async () => {
      for (const proto of ["udp", "tcp"] as const) {
        const query = queryOf(ask);
        const response = await responder.respond(proto)(query);
        assert.ok(response !== undefined);
        const { id, opcode, header, edns, records } = formatMessage(response);
        assert.deepEqual([header, ...records], want, proto);
        assert.deepEqual([id, opcode, edns], [77, 0, "version 0, flags, udp 1232"]);
        const { questionEnd } = decodeQuery(query);
        assert.deepEqual([...response.subarray(12, questionEnd)], [...query.subarray(12, questionEnd)]);
      }
    });
  }
}

const large = createTableResponder({ services: [manyPods("some", 3_000), manyPods("many", 5_000)] });

const sizes: { name: string; proto: "udp" | "tcp"; want: { header: string; bytesMax: number; records: number } }[] = [
  { name: "some", proto: "udp", want: { header: "NOERROR qr aa tc rd ra", bytesMax: 1_232, records: 73 } },
  { name: "some", proto: "tcp", want: { header: "NOERROR qr aa rd ra", bytesMax: 65_535, records: 3_000 } },
  // 16 bytes each: more do not fit into any message.
  { name: "many", proto: "tcp", want: { header: "NOERROR qr aa tc rd ra", bytesMax: 65_535, records: 4_092 } },
];

for (const { name, proto, want } of sizes) {
  test(`thousands of pods of one StatefulSet: ${name} over ${proto}`, async () => {
    const query = queryOf(`A ${name}.shop.svc.cluster.local`);
    const response = (await large.respond(proto)(query)) ?? query;
    const { header, records } = formatMessage(response);
    assert.deepEqual([header, records.length], [want.header, want.records]);
    assert.ok(
      response.length <= want.bytesMax &&
        response.length > want.bytesMax - 17 - (want.header.includes("tc") ? 0 : 2 ** 15),
    );
  });
}

test("each of thousands of pods has its name", async () => {
  const name = "pod-4999.many.shop.svc.cluster.local";
  const response = await large.respond("udp")(queryOf(`A ${name}`));
  assert.ok(response !== undefined);
  assert.deepEqual(formatMessage(response).records, [`${name}. 5 IN A 10.250.19.135`]);
});

const withoutFallthrough = createTableResponder({
  corefile: `.:53 {
    kubernetes cluster.local 10.in-addr.arpa {
        pods disabled
        ttl 600
    }
}`,
});

/** What another configuration answers; authority: owner and TTL of the SOA record, and how long the name is not asked for again. */
const configured: { ask: string; want: string[] }[] = [
  { ask: "PTR 9.9.9.10.in-addr.arpa", want: ["NXDOMAIN qr aa rd ra", "10.in-addr.arpa. 300 600"] },
  { ask: "NS 10.in-addr.arpa", want: ["NOERROR qr aa rd ra", "10.in-addr.arpa. 600 IN NS ns.dns.cluster.local."] },
  { ask: "A 10.in-addr.arpa", want: ["NOERROR qr aa rd ra", "10.in-addr.arpa. 300 600"] },
  { ask: "A none.shop.svc.cluster.local", want: ["NXDOMAIN qr aa rd ra", "cluster.local. 300 600"] },
  { ask: "A pod.cluster.local", want: ["NOERROR qr aa rd ra", "cluster.local. 300 600"] },
  { ask: "A shop.pod.cluster.local", want: ["NXDOMAIN qr aa rd ra", "cluster.local. 300 600"] },
  { ask: "A 10-244-3-4.shop.pod.cluster.local", want: ["NXDOMAIN qr aa rd ra", "cluster.local. 300 600"] },
];

for (const { ask, want } of configured) {
  test(`without fallthrough and names of pods, with a long TTL: ${ask}`, async () => {
    const response = await withoutFallthrough.respond("udp")(queryOf(ask));
    assert.ok(response !== undefined);
    const { header, records } = formatMessage(response);
    const short = records
      .filter((record) => !record.startsWith("additional: "))
      .map((record) => record.replace(/^authority: (\S+ \d+) IN SOA .* (\d+)$/, "$1 $2"));
    assert.deepEqual([header, ...short], want);
  });
}
