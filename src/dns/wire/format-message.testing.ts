import { createByteReader } from "./byte-reader.ts";
import type { DnsRecord } from "./message.ts";
import { rcodes, recordTypes } from "./message.ts";
import { decodeRecord, type RawRecord, readRawRecord } from "./record.ts";

/** The bits of a header, in dig's order. */
const FLAGS = [
  [0x8000, "qr"],
  [0x0400, "aa"],
  [0x0200, "tc"],
  [0x0100, "rd"],
  [0x0080, "ra"],
  [0x0040, "z"],
  [0x0020, "ad"],
  [0x0010, "cd"],
] as const;

/** A whole message as text. */
export interface FormattedMessage {
  readonly id: number;
  readonly opcode: number;
  /** `NOERROR qr aa rd ra`. */
  readonly header: string;
  /** `web.shop.svc.cluster.local. A`; undefined where the question is missing. */
  readonly question: string | undefined;
  /** `version 0, flags do, udp 1232`; undefined without an OPT record. */
  readonly edns: string | undefined;
  /** Records as dig prints them, `authority: ` or `additional: ` before those of these sections. */
  readonly records: readonly string[];
}

/**
 * Reads a whole message, strictly: every byte of it has to belong to a section.
 *
 * @throws {Error} for a message that is not well-formed.
 */
export function formatMessage(bytes: Uint8Array): FormattedMessage {
  const reader = createByteReader(bytes);
  const id = reader.uint16();
  const flags = reader.uint16();
  const [questions = 0, ...counts] = Array.from({ length: 4 }, () => reader.uint16());
  if (questions > 1) throw new Error(`The message has ${questions} questions`);
  const question =
    questions === 0
      ? undefined
      : `${dotted(spelledName(reader))} ${typeText(reader.uint16())}${classText(reader.uint16())}`;
  const sections = counts.map((count) => Array.from({ length: count }, () => readSpelledRecord(bytes, reader)));
  if (reader.offset !== bytes.length) throw new Error(`${bytes.length - reader.offset} bytes follow the message`);
  const all = sections.flat();
  const opts = all.filter(({ raw }) => raw.type === recordTypes.OPT);
  if (opts.length > 1) throw new Error("The message has several OPT records");
  const extended = ((opts[0]?.raw.ttlSeconds ?? 0) >>> 24) * 16;
  const code = extended + (flags & 0xf);
  const rcode = Object.entries(rcodes).find(([, number]) => number === code)?.[0] ?? `RCODE${code}`;
  const names = FLAGS.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  return {
    id,
    opcode: (flags >>> 11) & 0xf,
    header: [rcode, ...names].join(" "),
    question,
    edns: opts[0] === undefined ? undefined : ednsText(opts[0].raw),
    records: sections.flatMap((section, i) =>
      section
        .filter(({ raw }) => raw.type !== recordTypes.OPT)
        .map(
          ({ name, raw }) => `${["", "authority: ", "additional: "][i]}${recordText(name, decodeRecord(bytes, raw))}`,
        ),
    ),
  };
}

function ednsText({ ttlSeconds, class: udp, length }: RawRecord): string {
  const flags = (ttlSeconds & 0xffff) === 0 ? "" : (ttlSeconds & 0xffff) === 0x8000 ? " do" : " unknown";
  const options = length === 0 ? "" : `, ${length} bytes of options`;
  return `version ${(ttlSeconds >>> 16) & 0xff}, flags${flags}, udp ${udp}${options}`;
}

/** The name in its own spelling: readers fold letters. */
function spelledName(reader: ReturnType<typeof createByteReader>): string {
  const { bytes } = reader;
  const labels: string[] = [];
  let at = reader.offset;
  reader.name();
  for (let size = bytes[at] ?? 0; size !== 0; size = bytes[at] ?? 0) {
    if (size >= 0xc0) at = (size - 0xc0) * 0x100 + (bytes[at + 1] ?? 0);
    else {
      labels.push(
        Buffer.from(bytes.subarray(at + 1, at + 1 + size))
          .toString("latin1")
          .replaceAll(/[.\\]/g, String.raw`\$&`),
      );
      at += size + 1;
    }
  }
  return labels.join(".");
}

function readSpelledRecord(bytes: Uint8Array, reader: ReturnType<typeof createByteReader>) {
  const name = spelledName(createByteReader(bytes, reader.offset));
  return { name, raw: readRawRecord(reader) };
}

function recordText(name: string, record: DnsRecord): string {
  const type = record.type === "other" ? typeText(record.typeNumber) : record.type;
  return `${dotted(name)} ${record.ttlSeconds} IN ${type} ${dataText(record)}`;
}

function dataText(record: DnsRecord): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return record.address;
    case "CNAME":
    case "NS":
    case "PTR":
      return dotted(record.target);
    case "MX":
      return `${record.preference} ${dotted(record.target)}`;
    case "SRV":
      return `${record.priority} ${record.weight} ${record.port} ${dotted(record.target)}`;
    case "SOA": {
      const { primary, mailbox, serial, refreshSeconds, retrySeconds, expireSeconds, negativeTtlSeconds } = record;
      const times = [refreshSeconds, retrySeconds, expireSeconds, negativeTtlSeconds];
      return [dotted(primary), dotted(mailbox), serial, ...times].join(" ");
    }
    case "TXT":
      return record.texts.map((text) => JSON.stringify(text)).join(" ");
    case "other":
      return Buffer.from(record.data).toString("hex");
  }
}

function dotted(name: string): string {
  return `${name}.`;
}

function typeText(type: number): string {
  return Object.entries(recordTypes).find(([, number]) => number === type)?.[0] ?? `TYPE${type}`;
}

function classText(number: number): string {
  return number === 1 ? "" : ` CLASS${number}`;
}
