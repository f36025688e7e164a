/**
 * The vocabulary in which the proxy says what the kernel shall hold: chains of rules, and sets and maps with elements.
 *
 * Words are those of the `nft` manual. Keys and values of elements are written as nft writes them
 * (`10.96.0.1 . tcp . 80`); rules are data, so that they can be printed as well as followed by a test.
 */

/** IPv4 and IPv6 have a table each: a failure in one leaves the other alone. */
export type Family = "ip" | "ip6";

/** Where the kernel calls a chain. `priority` orders chains of one hook: translation of destinations happens at -100. */
export interface Hook {
  readonly type: "filter" | "nat";
  readonly hook: "prerouting" | "output" | "postrouting";
  readonly priority: number;
}

export interface Chain {
  readonly object: "chain";
  readonly name: string;
  /** Absent for a chain that is only jumped to. */
  readonly hook?: Hook;
  readonly rules: readonly Rule[];
}

/** What one component of a key is. `slot` is the number of an endpoint among its Service's. */
export type KeyPart = "address" | "protocol" | "port" | "slot";

export interface NamedSet {
  readonly object: "set";
  readonly name: string;
  readonly key: readonly KeyPart[];
  /** Of whose ports it speaks, where the key has ports but no protocol. */
  readonly protocol?: Protocol;
  /** What a map's elements hold; absent for a plain set. */
  readonly data?: "verdict" | "endpoint";
  /** Elements may be ranges such as `10.244.1.0/24`. */
  readonly ranges?: true;
  /** Rules add elements, which go after this many seconds without use. */
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

/** What a packet is asked. All conditions of a rule have to hold. */
export type Condition =
  /** First packet of a connection. */
  | { readonly is: "new connection" }
  /** It belongs to no connection that the kernel knows, and begins none. */
  | { readonly is: "stray" }
  /** Its destination was rewritten. */
  | { readonly is: "translated" }
  /** It carries the masquerade mark. */
  | { readonly is: "marked" }
  /** Its destination is an address of this node, but not a loopback one. */
  | { readonly is: "for this node" }
  /** Its source is an address of this node (or is not). */
  | { readonly is: "from this node"; readonly not?: true }
  | { readonly is: "protocol"; readonly protocol: Protocol }
  /** The fields named by `key`, joined, are in the set (or are not). */
  | { readonly is: "in set"; readonly key: LookupKey; readonly set: string; readonly not?: true };

/**
 * The packet's fields that make up the key of a look-up.
 *
 * `frontend` is destination address, protocol and destination port; `node port` is the last two.
 */
export type LookupKey =
  | "source"
  | "destination"
  | "frontend"
  | "node port"
  | "source and destination"
  | "source and frontend";

/** What happens then. */
export type Action =
  | { readonly do: "jump" | "goto"; readonly chain: string }
  /** The verdict that `map` holds for the packet; no element, no effect. */
  | { readonly do: "look up"; readonly key: "frontend" | "node port"; readonly map: string }
  /** Rewrites the destination to the endpoint in a random slot below `count`. The key goes without the protocol. */
  | {
      readonly do: "translate";
      readonly key: "frontend" | "node port";
      readonly protocol: Protocol;
      readonly map: string;
      readonly count: number;
    }
  | { readonly do: "translate to"; readonly endpoint: string }
  /** Goes to one of the chains at random. */
  | { readonly do: "choose"; readonly chains: readonly string[] }
  /** Adds the source to a set, or renews it there. */
  | { readonly do: "remember source"; readonly set: string }
  | { readonly do: "mark" | "unmark" | "masquerade" | "reject" | "reset" | "drop" };

export interface Rule {
  readonly match: readonly Condition[];
  readonly action: Action;
}

/** Transport protocols a Service may have, as nft names them. */
export type Protocol = "tcp" | "udp" | "sctp";

/** What identifies an object inside its table. */
export function identityOf(object: NftObject): string {
  return object.object === "element" ? `element ${object.set} ${object.key}` : `${object.object} ${object.name}`;
}

/** `10.96.0.1 . tcp . 80`: the key of a Service's address and port, and of an endpoint slot with a number more. */
export function joined(...parts: readonly (string | number)[]): string {
  return parts.join(" . ");
}
