import ipaddr from "ipaddr.js";
import { WireError } from "../wire-error.ts";
import type { DataOf, RecordCodec } from "./record-codec.ts";

/** An IPv6 address (RFC 3596 §2.2). */
export const aaaaCodec: RecordCodec<DataOf<"A" | "AAAA">> = {
  encode(writer, { address }) {
    if (!ipaddr.IPv6.isValid(address)) throw new WireError(`Cannot write the IPv6 address ${JSON.stringify(address)}`);
    writer.raw(Uint8Array.from(ipaddr.IPv6.parse(address).toByteArray()));
  },
  decode(reader, length) {
    if (length !== 16) throw new WireError("An AAAA record does not have 16 bytes");
    return { type: "AAAA", address: ipaddr.fromByteArray([...reader.take(16)]).toString() };
  },
};
