import { isIPv6 } from "@fairlead/lib/ip-family";
import ipaddr from "ipaddr.js";

/** The name under which an address is looked up: `4.3.2.1.in-addr.arpa` (RFC 1035 §3.5), `….ip6.arpa` (RFC 3596 §2.5). */
export function reverseName(address: string): string {
  const parsed = ipaddr.parse(address);
  const bytes = parsed.toByteArray();
  if (parsed.kind() === "ipv4") return `${bytes.toReversed().join(".")}.in-addr.arpa`;
  const digits = bytes.flatMap((byte) => [byte >>> 4, byte & 0xf]).map((digit) => digit.toString(16));
  return `${digits.toReversed().join(".")}.ip6.arpa`;
}

/** Returns the address of a name made by {@link reverseName}, as {@link canonicalAddress} writes it; undefined for other names. */
export function addressOfReverseName(name: string): string | undefined {
  const labels = name.split(".");
  if (name.endsWith(".in-addr.arpa")) {
    const address = labels.slice(0, -2).toReversed().join(".");
    return ipaddr.IPv4.isValidFourPartDecimal(address) ? address : undefined;
  }
  const digits = labels.slice(0, -2);
  if (!name.endsWith(".ip6.arpa") || digits.length !== 32 || !digits.every((digit) => /^[\da-f]$/.test(digit)))
    return undefined;
  const groups = digits.toReversed().join("").match(/.{4}/g) ?? [];
  return canonicalAddress(groups.join(":"));
}

/** Returns an address in the one form that it is compared by. */
export function canonicalAddress(address: string): string {
  return isIPv6(address) ? ipaddr.IPv6.parse(address).toString() : address;
}

/** The address that a pod's label stands for: `10-244-1-5`, `fd00--1`. Undefined when it is none. */
export function addressOfLabel(label: string): string | undefined {
  const ipv4 = label.replaceAll("-", ".");
  if (/^\d+\.\d+\.\d+\.\d+$/.test(ipv4)) return ipaddr.IPv4.isValidFourPartDecimal(ipv4) ? ipv4 : undefined;
  const ipv6 = label.replaceAll("-", ":");
  return isIPv6(ipv6) && ipaddr.IPv6.isValid(ipv6) ? ipaddr.IPv6.parse(ipv6).toString() : undefined;
}
