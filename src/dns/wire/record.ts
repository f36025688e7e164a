import type { ByteReader } from "./byte-reader.ts";
import { createByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";
import type { DnsRecord, RecordData } from "./message.ts";
import { CLASS_IN, recordTypes } from "./message.ts";
import { aCodec } from "./records/a.ts";
import { aaaaCodec } from "./records/aaaa.ts";
import { domainNameCodec } from "./records/domain-name.ts";
import { mxCodec } from "./records/mx.ts";
import { soaCodec } from "./records/soa.ts";
import { srvCodec } from "./records/srv.ts";
import { txtCodec } from "./records/txt.ts";
import { WireError } from "./wire-error.ts";

const nsCodec = domainNameCodec("NS");
const cnameCodec = domainNameCodec("CNAME");
const ptrCodec = domainNameCodec("PTR");

/** Writes one record of the Internet class. */
export function encodeRecord(writer: ByteWriter, record: DnsRecord): void {
  writer.name(record.name);
  writer.uint16(record.type === "other" ? record.typeNumber : recordTypes[record.type]);
  writer.uint16(CLASS_IN);
  writer.uint32(record.ttlSeconds);
  writer.sized(() => encodeData(writer, record));
}

function encodeData(writer: ByteWriter, data: RecordData): void {
  switch (data.type) {
    case "A":
      aCodec.encode(writer, data);
      break;
    case "AAAA":
      aaaaCodec.encode(writer, data);
      break;
    case "CNAME":
      cnameCodec.encode(writer, data);
      break;
    case "NS":
      nsCodec.encode(writer, data);
      break;
    case "PTR":
      ptrCodec.encode(writer, data);
      break;
    case "MX":
      mxCodec.encode(writer, data);
      break;
    case "SRV":
      srvCodec.encode(writer, data);
      break;
    case "SOA":
      soaCodec.encode(writer, data);
      break;
    case "TXT":
      txtCodec.encode(writer, data);
      break;
    case "other":
      writer.raw(data.data);
  }
}

/** A record as it lies in a message, its data not yet understood. */
export interface RawRecord {
  readonly name: string;
  readonly type: number;
  readonly class: number;
  readonly ttlSeconds: number;
  /** Where the TTL is in the message. */
  readonly ttlOffset: number;
  /** Where the data is. */
  readonly offset: number;
  readonly length: number;
}

export function readRawRecord(reader: ByteReader): RawRecord {
  const name = reader.name();
  const type = reader.uint16();
  const recordClass = reader.uint16();
  const ttlOffset = reader.offset;
  const ttlSeconds = reader.uint32();
  const length = reader.uint16();
  const offset = reader.offset;
  reader.take(length);
  return { name, type, class: recordClass, ttlSeconds, ttlOffset, offset, length };
}

/** Understands the data of a record; `message` is the whole, since names in the data may point anywhere before. */
export function decodeRecord(message: Uint8Array, raw: RawRecord): DnsRecord {
  const reader = createByteReader(message, raw.offset);
  const data = decodeData(reader, raw);
  if (reader.offset !== raw.offset + raw.length) throw new WireError("A record's data has another length than it says");
  return { name: raw.name, ttlSeconds: raw.ttlSeconds, ...data };
}

function decodeData(reader: ByteReader, { type, length }: RawRecord): RecordData {
  switch (type) {
    case recordTypes.A:
      return aCodec.decode(reader, length);
    case recordTypes.AAAA:
      return aaaaCodec.decode(reader, length);
    case recordTypes.CNAME:
      return cnameCodec.decode(reader, length);
    case recordTypes.NS:
      return nsCodec.decode(reader, length);
    case recordTypes.PTR:
      return ptrCodec.decode(reader, length);
    case recordTypes.MX:
      return mxCodec.decode(reader, length);
    case recordTypes.SRV:
      return srvCodec.decode(reader, length);
    case recordTypes.SOA:
      return soaCodec.decode(reader, length);
    case recordTypes.TXT:
      return txtCodec.decode(reader, length);
    default:
      return { type: "other", typeNumber: type, data: reader.take(length) };
  }
}
