import type { DataOf, RecordCodec } from "./record-codec.ts";

/** Start of authority (RFC 1035 §3.3.13). */
export const soaCodec: RecordCodec<DataOf<"SOA">> = {
  encode(writer, data) {
    writer.name(data.primary);
    writer.name(data.mailbox);
    writer.uint32(data.serial);
    writer.uint32(data.refreshSeconds);
    writer.uint32(data.retrySeconds);
    writer.uint32(data.expireSeconds);
    writer.uint32(data.negativeTtlSeconds);
  },
  decode: (reader) => ({
    type: "SOA",
    primary: reader.name(),
    mailbox: reader.name(),
    serial: reader.uint32(),
    refreshSeconds: reader.uint32(),
    retrySeconds: reader.uint32(),
    expireSeconds: reader.uint32(),
    negativeTtlSeconds: reader.uint32(),
  }),
};
