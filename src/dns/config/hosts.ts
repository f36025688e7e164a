import { isIPv6 } from "@fairlead/lib/ip-family";
import { reverseName } from "../reverse-name.ts";
import { type Question, type RecordData, type Reply, recordTypes } from "../wire/message.ts";
import { isBelowAny } from "./dns-config.ts";

/** Names with addresses, as in hosts(5): CoreDNS's hosts plugin. */
export interface Hosts {
  /** Names below these are answered from the entries alone. */
  readonly zones: readonly string[];
  /** By name in lower case; `*.example` stands for every name with one label more than `example`. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** Names of an address, by the address's own name; empty with `no_reverse`. */
  readonly reverse: ReadonlyMap<string, readonly string[]>;
  readonly ttlSeconds: number;
  /** Names below these without an entry are passed on. */
  readonly fallthrough: readonly string[];
}

/** One line of hosts(5). */
export interface HostEntry {
  readonly address: string;
  readonly names: readonly string[];
}

/** Returns the entries by name and by address. */
export function hostTables(
  entries: readonly HostEntry[],
  { isReversed }: { readonly isReversed: boolean },
): Pick<Hosts, "addresses" | "reverse"> {
  const addresses = new Map<string, string[]>();
  const reverse = new Map<string, string[]>();
  for (const { address, names } of entries) {
    for (const name of names) {
      addresses.set(name, [...(addresses.get(name) ?? []), address]);
      if (!isReversed || name.startsWith("*.")) continue;
      const back = reverseName(address);
      reverse.set(back, [...(reverse.get(back) ?? []), name]);
    }
  }
  return { addresses, reverse };
}

/**
 * Answers a question from the entries; undefined passes it on.
 *
 * A name without an entry that is not passed on is SERVFAIL, as CoreDNS answers it: the entries have no SOA record.
 */
export function answerFromHosts({ name, type }: Question, hosts: Hosts): Reply | undefined {
  if (type === recordTypes.PTR) {
    const targets = hosts.reverse.get(name);
    return targets === undefined
      ? undefined
      : reply(
          name,
          hosts,
          targets.map((target) => ({ type: "PTR", target })),
        );
  }
  if (!isBelowAny(name, hosts.zones)) return undefined;
  const addresses = hosts.addresses.get(name) ?? hosts.addresses.get(`*${name.slice(name.indexOf("."))}`);
  if (addresses === undefined) {
    if (isBelowAny(name, hosts.fallthrough)) return undefined;
    return { rcode: "SERVFAIL", authoritative: false, answers: [] };
  }
  const found = addresses.map((address): RecordData => ({ type: isIPv6(address) ? "AAAA" : "A", address }));
  return reply(
    name,
    hosts,
    found.filter((data) => data.type !== "other" && recordTypes[data.type] === type),
  );
}

function reply(name: string, { ttlSeconds }: Hosts, found: readonly RecordData[]): Reply {
  return { rcode: "NOERROR", authoritative: true, answers: found.map((data) => ({ name, ttlSeconds, ...data })) };
}
