import { OWN_PORTS } from "@fairlead/dns/own-ports";
import type { ReservedPort } from "@fairlead/proxy/services/reservations";

/** Ports of the programs beside the node program that listen on every node's address. No Service may redirect them. */
export const NODE_PORTS: readonly ReservedPort[] = OWN_PORTS.map((at) => ({ ...at, program: "the DNS server" }));
