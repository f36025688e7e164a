import type { Field, Protocol } from "../words/field.ts";
import { joined } from "../words/field.ts";
import type { ConnectionState, IcmpMessage } from "../words/rule.ts";

/** A packet for the fake kernel to trace. */
export interface Packet {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  /** Default `tcp`. */
  readonly protocol?: Protocol;
  /** Default 40000. */
  readonly sourcePort?: number;
  /** How connection tracking sees it. Default: `new`. */
  readonly state?: ConnectionState;
  /** It is such a message instead, and has no ports. Default: none. */
  readonly icmp?: IcmpMessage;
  /** First packet of the connection it belongs to, or that its ICMP error reports. Default: itself. */
  readonly original?: Packet;
  /** Interface that it came in by. Default: none that a rule names. */
  readonly inputInterface?: string;
  /** Interface that it leaves by. Default: none that a rule names. */
  readonly outputInterface?: string;
}

/** What has become of a packet so far. */
export interface Traced {
  readonly packet: Packet;
  address: string;
  port: number;
  mark: number;
  isTranslated: boolean;
  isMasqueraded: boolean;
  /** Chains that it has met, in order. */
  readonly met: string[];
}

export function startTrace(packet: Packet): Traced {
  const { to, port } = packet;
  return { packet, address: to, port, mark: 0, isTranslated: false, isMasqueraded: false, met: [] };
}

/** The packet's fields, joined, as they are now. */
export function keyOf(traced: Traced, key: readonly Field[]): string {
  return joined(...key.map((field) => fieldOf(traced, field)));
}

export function fieldOf({ packet, address, port }: Traced, field: Field): string {
  const original = packet.original ?? packet;
  switch (field) {
    case "source address":
      return packet.from;
    case "destination address":
      return address;
    case "protocol":
      return packet.icmp === undefined ? protocolOf(packet) : "icmp";
    case "source port":
      return packet.icmp === undefined ? sourcePortOf(packet) : "";
    case "destination port":
      return packet.icmp === undefined ? String(port) : "";
    case "input interface":
      return packet.inputInterface ?? "";
    case "output interface":
      return packet.outputInterface ?? "";
    case "original source address":
      return original.from;
    case "original destination address":
      return original.to;
    case "original protocol":
      return protocolOf(original);
    case "original source port":
      return sourcePortOf(original);
    case "original destination port":
      return String(original.port);
  }
}

function protocolOf({ protocol = "tcp" }: Packet): Protocol {
  return protocol;
}

function sourcePortOf({ sourcePort = 40_000 }: Packet): string {
  return String(sourcePort);
}
