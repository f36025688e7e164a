import type { Field, Protocol } from "./field.ts";
import type { Verdict } from "./verdict.ts";

export interface Rule {
  /** All of them have to hold. */
  readonly match: readonly Condition[];
  readonly action: Action;
  /** Counts the packets and bytes that match. Default: no. */
  readonly counter?: true;
  /** Says in listings why the rule is there. At most 127 bytes of letters, digits and ` .,:;/@()_-`. */
  readonly comment?: string;
}

/** How the kernel's connection tracking sees a packet. */
export type ConnectionState = "new" | "established" | "related" | "invalid" | "untracked";

/** Messages of ICMP or ICMPv6, by the table's family. `neighbor discovery` exists in IPv6 alone. */
export type IcmpMessage = "port unreachable" | "echo request" | "neighbor discovery";

/** A question about a packet. */
export type Condition =
  /** Connection tracking sees the packet in one of these states. */
  | { readonly is: "connection"; readonly states: readonly ConnectionState[] }
  /** The connection's destination was rewritten. */
  | { readonly is: "translated" }
  /** One of these bits of the packet's mark is set. */
  | { readonly is: "marked"; readonly bits: number }
  /** The address is one of this node's, loopback included (or is not). */
  | { readonly is: "local"; readonly field: "source address" | "destination address"; readonly not?: true }
  /** The address is a loopback one (or is not). */
  | {
      readonly is: "loopback";
      readonly field: "destination address" | "original destination address";
      readonly not?: true;
    }
  | { readonly is: "icmp"; readonly message: IcmpMessage }
  /** The field has one of the values (or none of them). Values may be ranges: `10.0.0.0/8`, `80-90`. */
  | {
      readonly is: "one of";
      readonly field: Field;
      readonly values: readonly [string | number, ...(string | number)[]];
      readonly not?: true;
    }
  /** The fields, joined, are in the set (or are not). */
  | { readonly is: "in set"; readonly key: readonly Field[]; readonly set: string; readonly not?: true };

/** The answer to a refused packet. Default of `reject`: port unreachable. */
export type Refusal = "tcp reset" | "port unreachable" | "administratively prohibited" | "no route";

/** The effect of a rule. */
export type Action =
  | Verdict
  /** The verdict that `map` holds for the fields, joined; none, if it has no such element. */
  | { readonly do: "look up"; readonly key: readonly Field[]; readonly map: string }
  /**
   * Rewrites the destination to the endpoint that `map` holds for the fields and a random slot below `count`. Fields are
   * addresses, and ports of `protocol`.
   */
  | {
      readonly do: "translate";
      readonly key: readonly ("destination address" | "destination port")[];
      readonly protocol: Protocol;
      readonly map: string;
      readonly count: number;
    }
  /** Rewrites the destination to `10.244.1.7 . 80`. */
  | { readonly do: "translate to"; readonly endpoint: string }
  /** Goes to one of the chains at random. */
  | { readonly do: "choose"; readonly chains: readonly string[] }
  /** Adds the fields, joined, to a set with a timeout, or renews them there. */
  | { readonly do: "remember"; readonly key: readonly Field[]; readonly set: string }
  /** Sets or clears bits of the packet's mark. */
  | { readonly do: "mark" | "unmark"; readonly bits: number }
  /** Rewrites the source to the address of the interface that the packet leaves by, and to a port chosen at random. */
  | { readonly do: "masquerade"; readonly keepsPort?: true }
  | { readonly do: "reject"; readonly with?: Refusal }
  /** Has the kernel report each rule that the packet meets from here on. */
  | { readonly do: "trace" }
  /** No effect but the rule's own counter. */
  | { readonly do: "count" };
