import type { DataOf, RecordCodec } from "./record-codec.ts";

/** A host that takes mail (RFC 1035 §3.3.9). */
export const mxCodec: RecordCodec<DataOf<"MX">> = {
  encode(writer, { preference, target }) {
    writer.uint16(preference);
    writer.name(target);
  },
  decode: (reader) => ({ type: "MX", preference: reader.uint16(), target: reader.name() }),
};
