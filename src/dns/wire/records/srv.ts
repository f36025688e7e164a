import type { DataOf, RecordCodec } from "./record-codec.ts";

/** Where a service is (RFC 2782). Its target is compressed, as most servers do and all clients read. */
export const srvCodec: RecordCodec<DataOf<"SRV">> = {
  encode(writer, { priority, weight, port, target }) {
    writer.uint16(priority);
    writer.uint16(weight);
    writer.uint16(port);
    writer.name(target);
  },
  decode: (reader) => ({
    type: "SRV",
    priority: reader.uint16(),
    weight: reader.uint16(),
    port: reader.uint16(),
    target: reader.name(),
  }),
};
