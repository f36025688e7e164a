import ipaddr from "ipaddr.js";
import { goQuote } from "./go-quote.ts";

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * Returns what upstream warns about an address that was accepted: an IPv4 address written as IPv6, or an IPv6 address that
 * is not in the canonical form of RFC 5952. Values that are no addresses are for validation.
 */
export function ipWarnings(path: string, text: string): readonly string[] {
  if (!ipaddr.isValid(text)) return [];
  const address = ipaddr.parse(text);
  if (isMapped(address)) {
    const better = goQuote(canonical(address));
    return [
      `${path}: non-standard IP address ${goQuote(text)} will be considered invalid in a future Kubernetes release: use ${better}`,
    ];
  }
  if (address.kind() === "ipv4" || canonical(address) === text) return [];
  const better = goQuote(canonical(address));
  return [`${path}: IPv6 address ${goQuote(text)} should be in RFC 5952 canonical format (${better})`];
}

/** Returns what upstream warns about an address range that was accepted. */
export function cidrWarnings(path: string, text: string): readonly string[] {
  if (!ipaddr.isValidCIDR(text)) return [];
  const [address, bits] = ipaddr.parseCIDR(text);
  const network = networkOf(address, bits);
  const shown = goQuote(text);
  const warnings: string[] = [];
  if (canonical(address) !== network.address) {
    const single = goQuote(`${canonical(address)}/${network.length}`);
    warnings.push(
      `${path}: CIDR value ${shown} is ambiguous in this context (should be ${goQuote(network.text)} or ${single}?)`,
    );
  }
  if (isMapped(address)) {
    const better = goQuote(network.text);
    warnings.push(
      `${path}: non-standard CIDR value ${shown} will be considered invalid in a future Kubernetes release: use ${better}`,
    );
  }
  const form = `${canonical(address)}/${bits}`;
  if (warnings.length === 0 && address.kind() === "ipv6" && form !== text) {
    warnings.push(`${path}: IPv6 CIDR value ${shown} should be in RFC 5952 canonical format (${goQuote(form)})`);
  }
  return warnings;
}

function isMapped(address: Address): boolean {
  return address.kind() === "ipv6" && (address as ipaddr.IPv6).isIPv4MappedAddress();
}

/** As Go prints it: an IPv4 address written as IPv6 becomes the IPv4 address. */
function canonical(address: Address): string {
  if (isMapped(address)) return (address as ipaddr.IPv6).toIPv4Address().toString();
  return address.kind() === "ipv4" ? address.toString() : (address as ipaddr.IPv6).toRFC5952String();
}

interface Network {
  readonly address: string;
  /** Bits of a single address. */
  readonly length: number;
  readonly text: string;
}

/** The range without the bits behind the prefix. Go prints an IPv4 range that is written as IPv6 as the IPv4 range. */
function networkOf(address: Address, bits: number): Network {
  const bytes = address.toByteArray().map((byte, index) => byte & maskByte(bits - 8 * index));
  const masked = ipaddr.fromByteArray(bytes);
  const length = isMapped(masked) ? bits - MAPPED_PREFIX_BITS : bits;
  return { address: canonical(masked), length: bytes.length * 8, text: `${canonical(masked)}/${length}` };
}

/** Bits of an IPv6 address before the IPv4 address in it: `::ffff:0:0/96`. */
const MAPPED_PREFIX_BITS = 96;

/** Returns the byte of a network mask that has `bits` bits left to set. */
function maskByte(bits: number): number {
  if (bits >= 8) return 0xff;
  return bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}
