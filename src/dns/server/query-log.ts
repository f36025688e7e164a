import { bracketed } from "@fairlead/lib/ip-family";
import { isBelow, type LogClass, type LogConfig } from "../config/dns-config.ts";
import { decodeResponse } from "../wire/decode-message.ts";
import { type Query, rcodes, recordTypes } from "../wire/message.ts";
import { rcodeName } from "../wire/rcode-name.ts";
import { typeName } from "./outcome.ts";

/** A query that was answered. */
export interface AnsweredQuery {
  readonly query: Query;
  readonly queryBytes: number;
  readonly response: Uint8Array;
  readonly proto: "udp" | "tcp";
  readonly client: { readonly address: string; readonly port: number };
  /** The address that the query was sent to. */
  readonly local: string;
  readonly tookMs: number;
}

const CLASS_NAMES: ReadonlyMap<number, string> = new Map([
  [1, "IN"],
  [3, "CH"],
  [4, "HS"],
  [255, "ANY"],
]);
/** What a client takes that says nothing of its size. */
const UDP_BYTES_DEFAULT = 512;
const TCP_BYTES_DEFAULT = 65_535;

/** Returns the line for a query, as CoreDNS's log plugin writes it; undefined when it is not to be logged. */
export function queryLogLine(answered: AnsweredQuery, logs: readonly LogConfig[]): string | undefined {
  const { name } = answered.query.question;
  const rule = logs.find(({ zone }) => isBelow(name, zone));
  if (rule === undefined) return undefined;
  if (rule.classes.length > 0 && !rule.classes.includes(classOf(answered.response))) return undefined;
  const values = valuesOf(answered);
  return rule.format.replaceAll(/\{([^{}]+)\}/g, (placeholder, key: string) => values[key] ?? placeholder);
}

function valuesOf({
  query,
  queryBytes,
  response,
  proto,
  client,
  local,
  tookMs,
}: AnsweredQuery): Record<string, string> {
  const { question, edns, id } = query;
  const bytesMax = edns?.udpBytesMax ?? UDP_BYTES_DEFAULT;
  return {
    type: typeName(question.type),
    name: question.name === "" ? "." : `${question.name}.`,
    class: CLASS_NAMES.get(question.class) ?? `CLASS${question.class}`,
    proto,
    remote: bracketed(client.address),
    port: `${client.port}`,
    local: bracketed(local),
    size: `${queryBytes}`,
    duration: `${Number((tookMs / 1000).toFixed(9))}s`,
    rcode: rcodeName(response),
    rsize: `${response.length}`,
    ">rflags": flagsOf(response),
    ">bufsize": `${proto === "tcp" ? TCP_BYTES_DEFAULT : Math.max(UDP_BYTES_DEFAULT, bytesMax)}`,
    ">do": `${edns?.dnssecOk ?? false}`,
    ">id": `${id}`,
    ">opcode": "0",
  };
}

/** The bits that are set, in CoreDNS's order. */
const FLAGS: readonly (readonly [byte: 2 | 3, bit: number, name: string])[] = [
  [2, 0x80, "qr"],
  [2, 0x04, "aa"],
  [2, 0x02, "tc"],
  [2, 0x01, "rd"],
  [3, 0x80, "ra"],
  [3, 0x40, "z"],
  [3, 0x20, "ad"],
  [3, 0x10, "cd"],
];

function flagsOf(response: Uint8Array): string {
  return FLAGS.filter(([byte, bit]) => ((response[byte] ?? 0) & bit) !== 0)
    .map(([, , name]) => name)
    .join(",");
}

function classOf(response: Uint8Array): LogClass {
  const { rcode, answers, authority } = decodeResponse(response);
  if (rcode === rcodes.NXDOMAIN) return answers.length === 0 ? "denial" : "error";
  if (rcode !== rcodes.NOERROR) return "error";
  return answers.length === 0 && authority.some(({ type }) => type === recordTypes.SOA) ? "denial" : "success";
}
