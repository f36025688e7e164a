/**
 * A field of a packet, in the order of a look-up's key or in a comparison.
 *
 * Addresses are those of the table's family. Ports are those of the packet's transport protocol, whichever it is. `original`
 * fields are those of the connection's first packet, before any translation; for an ICMP error, of the connection it reports.
 */
export type Field =
  | "source address"
  | "destination address"
  | "protocol"
  | "source port"
  | "destination port"
  | "input interface"
  | "output interface"
  | "original source address"
  | "original destination address"
  | "original protocol"
  | "original source port"
  | "original destination port";

/** Transport protocols, as nft names them. */
export type Protocol = "tcp" | "udp" | "sctp";

/** The value of one component of a key: an address or range, a protocol, a port or range of ports (`80-90`), a slot. */
export type KeyValue = string | number;

/** Returns the key that has these components, as nft writes it: `10.96.0.1 . tcp . 80`. */
export function joined(...parts: readonly KeyValue[]): string {
  return parts.join(" . ");
}
