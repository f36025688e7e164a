import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeQuery } from "../wire/decode-message.ts";
import { encodeOpt, encodeQuery, encodeReply, TCP_BYTES_MAX } from "../wire/encode-message.ts";
import { formatMessage } from "../wire/format-message.testing.ts";
import type { DnsRecord, Query } from "../wire/message.ts";
import { relayed } from "./relay.ts";

const asked = encodeQuery(7, { name: "www.example", type: 1, class: 1 });
const answers: DnsRecord[] = [{ name: "www.example", ttlSeconds: 9, type: "A", address: "192.0.2.1" }];
const COOKIE = Uint8Array.of(0, 10, 0, 2, 1, 2);
const BLOCKED = Uint8Array.of(0, 15, 0, 2, 0, 15);

/** What an upstream answers, with these records behind the answer. */
function upstreamsAnswer(...more: readonly Uint8Array[]): Uint8Array {
  const query = { ...decodeQuery(asked), edns: undefined };
  const bytes = encodeReply(query, asked, { rcode: "NOERROR", authoritative: false, answers }, TCP_BYTES_MAX);
  const all = Buffer.concat([bytes, ...more]);
  all.writeUInt16BE(more.length, 10);
  return all;
}

const edns = { version: 0, udpBytesMax: 4_096, dnssecOk: false };
const plain = encodeOpt({ rcode: 0, dnssecOk: false });
const glue = Uint8Array.of(0, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 0, 0, 1);

const rows: { name: string; upstream: Uint8Array; client: Partial<Query>; want: string | undefined; bytes: number }[] =
  [
    {
      name: "without EDNS on both sides",
      upstream: upstreamsAnswer(),
      client: { edns: undefined },
      want: undefined,
      bytes: 0,
    },
    {
      name: "without EDNS of the client",
      upstream: upstreamsAnswer(plain),
      client: { edns: undefined },
      want: undefined,
      bytes: 0,
    },
    {
      name: "without EDNS of the upstream",
      upstream: upstreamsAnswer(),
      client: {},
      want: "version 0, flags, udp 1232",
      bytes: 11,
    },
    {
      name: "with the DO bit of the client",
      upstream: upstreamsAnswer(glue, plain),
      client: { edns: { ...edns, dnssecOk: true } },
      want: "version 0, flags do, udp 1232",
      bytes: 26,
    },
    {
      name: "without the cookie of the upstream, and with its reason (RFC 8914)",
      upstream: upstreamsAnswer(
        encodeOpt({ rcode: 0, dnssecOk: true, options: Buffer.concat([COOKIE, BLOCKED, COOKIE]) }),
      ),
      client: {},
      want: "version 0, flags, udp 1232, 6 bytes of options",
      bytes: 17,
    },
    {
      name: "with an OPT record that other records follow",
      upstream: upstreamsAnswer(plain, glue),
      client: {},
      want: "version 0, flags, udp 1232",
      bytes: 26,
    },
  ];

for (const { name, upstream, client, want, bytes } of rows) {
  test(`an upstream's answer is relayed ${name}`, () => {
    const query = { ...decodeQuery(asked), edns, ...client };
    const response = relayed(upstream, query, asked, 1_232);
    assert.ok(response !== undefined);
    assert.equal(formatMessage(response).edns, want);
    assert.equal(response.length, upstreamsAnswer().length + bytes);
  });
}

test("an upstream's answer keeps its code, whose upper bits are in the OPT record", () => {
  const upstream = upstreamsAnswer(encodeOpt({ rcode: 23, dnssecOk: false }));
  upstream[3] = (upstream[3] ?? 0) | 7;
  const response = relayed(upstream, { ...decodeQuery(asked), edns, checkingDisabled: true }, asked, 1_232);
  assert.ok(response !== undefined);
  assert.equal(formatMessage(response).header, "RCODE23 qr rd ra cd");
});
