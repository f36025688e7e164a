import type { DataOf, RecordCodec } from "./record-codec.ts";

type NameData = DataOf<"CNAME" | "NS" | "PTR">;

/** Records that are one name: CNAME, NS and PTR (RFC 1035 §3.3). */
export function domainNameCodec(type: NameData["type"]): RecordCodec<NameData> {
  return {
    encode: (writer, { target }) => writer.name(target),
    decode: (reader) => ({ type, target: reader.name() }),
  };
}
