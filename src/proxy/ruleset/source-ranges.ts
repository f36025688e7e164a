import { joined } from "@fairlead/nftables/words/field";
import type { Element } from "@fairlead/nftables/words/ruleset";
import ipaddr from "ipaddr.js";
import type { PortMapping } from "../services/service-ports.ts";

/**
 * Returns the clients that may use the load balancer's addresses, by `spec.loadBalancerSourceRanges`. Empty when all may.
 *
 * As upstream, node ports and external addresses stay open.
 */
export function allowedSources(mapping: PortMapping): readonly Element[] {
  const ranges = withoutContained(mapping.sourceRanges);
  if (ranges.length === 0) return [];
  return mapping.loadBalancerAddresses.flatMap((address) => {
    const key = joined(address, mapping.protocol, mapping.port);
    return [element("restricted", key), ...ranges.map((range) => element("allowed-sources", joined(range, key)))];
  });
}

/**
 * The ranges by their first address, and of two nested ranges the wider one: the kernel refuses a
 * range that overlaps another.
 */
function withoutContained(ranges: readonly string[]): readonly string[] {
  const parsed = [...new Set(ranges.filter((range) => ipaddr.isValidCIDR(range)).map(network))].map((text) => ({
    text,
    cidr: ipaddr.parseCIDR(text),
  }));
  const wideFirst = parsed.toSorted((a, b) => a.cidr[1] - b.cidr[1]);
  return wideFirst
    .filter(({ cidr: [address, bits] }, index) => {
      const wider = wideFirst.slice(0, index);
      return !wider.some(({ cidr }) => cidr[1] <= bits && address.match(cidr as never));
    })
    .map(({ text }) => text);
}

/** `10.1.2.3/8` means `10.0.0.0/8`. */
function network(range: string): string {
  const [address, bits] = ipaddr.parseCIDR(range);
  const first =
    address.kind() === "ipv4" ? ipaddr.IPv4.networkAddressFromCIDR(range) : ipaddr.IPv6.networkAddressFromCIDR(range);
  return `${first}/${bits}`;
}

function element(set: string, key: string): Element {
  return { object: "element", set, key, value: "" };
}
