import type { Field } from "@fairlead/nftables/words/field";

/** Destination of a packet for a Service port at one address: the key of maps such as `services`. */
export const FRONTEND = ["destination address", "protocol", "destination port"] as const satisfies readonly Field[];

/** Destination of a packet for a node port at any address: the key of maps such as `node-ports`. */
export const NODE_PORT = ["protocol", "destination port"] as const satisfies readonly Field[];

/** Bit of the packet's mark that asks for masquerading: the one that upstream's components use. */
export const MASQUERADE_MARK = 0x4000;
