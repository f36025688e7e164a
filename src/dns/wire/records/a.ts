import { WireError } from "../wire-error.ts";
import type { DataOf, RecordCodec } from "./record-codec.ts";

/** An IPv4 address (RFC 1035 §3.4.1). */
export const aCodec: RecordCodec<DataOf<"A" | "AAAA">> = {
  encode(writer, { address }) {
    const parts = address.split(".").map(Number);
    if (parts.length !== 4) throw new WireError(`Cannot write the IPv4 address ${JSON.stringify(address)}`);
    for (const part of parts) writer.uint8(part);
  },
  decode(reader, length) {
    if (length !== 4) throw new WireError("An A record does not have 4 bytes");
    return { type: "A", address: reader.take(4).join(".") };
  },
};
