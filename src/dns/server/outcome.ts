import { CLASS_IN, type Query } from "../wire/message.ts";
import { rcodeName } from "../wire/rcode-name.ts";

/** The labels under which an answer is counted, in CoreDNS's words. Made once for each answer that is kept ready. */
export interface Outcome {
  /** The type that was asked for, or `other`. */
  readonly type: string;
  readonly rcode: string;
  readonly from: AnswerSource;
  /** The client set the DO bit: it understands DNSSEC. */
  readonly dnssecOk: boolean;
}

/**
 * Source of an answer: the cluster's names, names of the configuration, another resolver, or the server itself when it found none. `dropped`: the query
 * was refused for its form, before any look-up.
 */
export type AnswerSource = "kubernetes" | "hosts" | "forward" | "server" | "dropped";

/** Types with a label of their own, as CoreDNS has them (plugin/metrics/vars/monitor.go). All others are `other`. */
const TYPE_LABELS: ReadonlyMap<number | undefined, string> = new Map([
  [1, "A"],
  [2, "NS"],
  [5, "CNAME"],
  [6, "SOA"],
  [12, "PTR"],
  [15, "MX"],
  [16, "TXT"],
  [28, "AAAA"],
  [33, "SRV"],
  [43, "DS"],
  [46, "RRSIG"],
  [47, "NSEC"],
  [48, "DNSKEY"],
  [50, "NSEC3"],
  [64, "SVCB"],
  [65, "HTTPS"],
  [251, "IXFR"],
  [252, "AXFR"],
  [255, "ANY"],
]);

/** The name of a type, `TYPE65534` of those without one (RFC 3597 §5). */
export function typeName(type: number): string {
  return TYPE_LABELS.get(type) ?? `TYPE${type}`;
}

/** @param query - Undefined when it could not be read. */
export function outcomeOf(query: Query | undefined, response: Uint8Array, from: AnswerSource): Outcome {
  // BADVERS does not fit into the header (RFC 6891 §6.1.3). No other extended code is given.
  const isBadVersion = query?.edns !== undefined && query.edns.version > 0 && query.question.class === CLASS_IN;
  return {
    type: TYPE_LABELS.get(query?.question.type) ?? "other",
    rcode: isBadVersion ? "BADVERS" : rcodeName(response),
    from,
    dnssecOk: query?.edns?.dnssecOk ?? false,
  };
}
