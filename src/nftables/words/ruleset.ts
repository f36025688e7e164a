/**
 * Contents of a table: chains of rules, sets and maps, and their elements. All of them are values.
 *
 * Words are those of the `nft` manual. Keys and values of elements are written as nft writes them, since there may be
 * hundreds of thousands: `joined` and `verdictValue` make them.
 */
import type { Protocol } from "./field.ts";
import type { Rule } from "./rule.ts";

/** IPv4 and IPv6 have tables of their own: a failure in one leaves the other alone. */
export type Family = "ip" | "ip6";

/** Identifies a table. Each has one owner, which writes all of it. */
export interface Table {
  readonly family: Family;
  readonly name: string;
}

/** Where the kernel calls a chain. `priority` orders chains of one hook: translation of destinations happens at -100. */
export interface Hook {
  readonly type: "filter" | "nat";
  /**
   * A packet for this machine takes prerouting and input, one that is routed on prerouting, forward and postrouting, one
   * of this machine's own output and postrouting.
   */
  readonly hook: "prerouting" | "input" | "forward" | "output" | "postrouting";
  readonly priority: number;
  /** Fate of packets for which no rule has a verdict. Default: accept. */
  readonly policy?: "accept" | "drop";
}

export interface Chain {
  readonly object: "chain";
  readonly name: string;
  /** Absent for a chain that is only jumped to. */
  readonly hook?: Hook;
  readonly rules: readonly Rule[];
}

/** Meaning of one component of a key. `slot` is the number of an endpoint among its Service's. */
export type KeyPart = "address" | "protocol" | "port" | "slot" | "interface";

export interface NamedSet {
  readonly object: "set";
  readonly name: string;
  readonly key: readonly KeyPart[];
  /** Protocol of the ports, where the key has ports but no protocol. */
  readonly protocol?: Protocol;
  /** Contents of a map's elements; absent for a plain set. */
  readonly data?: "verdict" | "endpoint";
  /** Elements may be ranges such as `10.244.1.0/24` and `80-90`. The kernel refuses ranges that overlap. */
  readonly ranges?: true;
  /** Rules add elements, which the kernel removes after this many seconds without use. */
  readonly timeoutSeconds?: number;
}

export interface Element {
  readonly object: "element";
  readonly set: string;
  readonly key: string;
  /** A verdict (`goto cluster-3`, `drop`) or an endpoint (`10.244.1.7 . 80`); empty in a plain set. */
  readonly value: string;
}

export type NftObject = Chain | NamedSet | Element;

/** Identifies an object inside its table. */
export function identityOf(object: NftObject): string {
  return object.object === "element" ? `element ${object.set} ${object.key}` : `${object.object} ${object.name}`;
}
