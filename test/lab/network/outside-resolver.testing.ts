/**
 * A resolver outside the cluster, as a program: `node outside-resolver.testing.ts ADDRESS ZONE LOG`.
 *
 * It answers from the JSON file ZONE, which is read again for each question, and writes a line to LOG for each:
 * `udp A www.example.test`. Names that are not in the file do not exist.
 */
import { createSocket } from "node:dgram";
import { appendFileSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { decodeQuery } from "../../../src/dns/wire/decode-message.ts";
import { encodeReply, TCP_BYTES_MAX, udpBytesMax } from "../../../src/dns/wire/encode-message.ts";
import { type DnsRecord, type Question, type Reply, recordTypes } from "../../../src/dns/wire/message.ts";

/** What a name has. */
export interface ZoneEntry {
  readonly addresses?: readonly string[];
  /** Another name, in place of addresses. */
  readonly alias?: string;
  /** Default 60. */
  readonly ttlSeconds?: number;
  /** No answer at all. */
  readonly silent?: boolean;
  /** How long the answer takes. Default 0. */
  readonly delayMs?: number;
}

export type Zone = Readonly<Record<string, ZoneEntry>>;

/** How long it may be remembered that a name does not exist. */
const NEGATIVE_TTL_SECONDS = 1;

const [, , address, zoneFile = "", logFile = ""] = process.argv;

if (import.meta.main) {
  const udp = createSocket("udp4").bind(53, address);
  udp.on("message", (bytes, from) => {
    const query = decodeQuery(bytes);
    respond("udp", query.question, (reply) => {
      udp.send(encodeReply(query, bytes, reply, udpBytesMax(query)), from.port, from.address);
    });
  });
  const tcp = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (data: Buffer) => {
      const bytes = data.subarray(2);
      const query = decodeQuery(bytes);
      respond("tcp", query.question, (reply) => {
        const response = encodeReply(query, bytes, reply, TCP_BYTES_MAX);
        socket.write(Buffer.concat([Buffer.from([response.length >> 8, response.length & 0xff]), response]));
      });
    });
  });
  tcp.listen(53, address);
}

function respond(via: "udp" | "tcp", question: Question, send: (reply: Reply) => void): void {
  const zone = JSON.parse(readFileSync(zoneFile, "utf8")) as Zone;
  const type = Object.entries(recordTypes).find(([, number]) => number === question.type)?.[0] ?? question.type;
  appendFileSync(logFile, `${via} ${type} ${question.name}\n`);
  const { silent, delayMs = 0 } = zone[question.name] ?? {};
  if (silent !== true) setTimeout(() => send(replyTo(question, zone)), delayMs);
}

/** As a resolver answers that has followed the aliases itself. */
function replyTo({ name, type }: Question, zone: Zone): Reply {
  const answers: DnsRecord[] = [];
  for (let at = name; ; ) {
    const { alias, addresses = [], ttlSeconds = 60 } = zone[at] ?? {};
    if (alias !== undefined) {
      answers.push({ name: at, ttlSeconds, type: "CNAME", target: alias });
      at = alias;
      continue;
    }
    if (type === recordTypes.A) {
      answers.push(...addresses.map((address) => ({ name: at, ttlSeconds, type: "A" as const, address })));
    }
    const isNegative = answers.at(-1)?.type !== "A";
    const rcode = zone[at] === undefined ? "NXDOMAIN" : "NOERROR";
    return { rcode, authoritative: false, answers, ...(isNegative && { authority: [soa] }) };
  }
}

const soa: DnsRecord = {
  name: "test",
  ttlSeconds: 60,
  type: "SOA",
  primary: "ns.example.test",
  mailbox: "hostmaster.example.test",
  serial: 1,
  refreshSeconds: 7_200,
  retrySeconds: 1_800,
  expireSeconds: 86_400,
  negativeTtlSeconds: NEGATIVE_TTL_SECONDS,
};
