import ipaddr from "ipaddr.js";

/** As in a Service's `ipFamilies`. */
export type IPFamily = "IPv4" | "IPv6";

/**
 * The addresses that Services get, by their place in the range.
 *
 * Offset 0 is the first address that may be used. The network's own address, and in IPv4 the broadcast address, may not.
 */
export interface IpRange {
  readonly cidr: string;
  readonly family: IPFamily;
  /** How many addresses may be used. Ranges of more than 2^16 IPv6 addresses are used only so far, as upstream does. */
  readonly size: number;
  /** Canonical text of the address at `offset`. */
  at(offset: number): string;
  /** `undefined` when the address is not in the range, or not one that may be used. */
  offsetOf(ip: string): number | undefined;
}

const IPV6_SIZE_MAX = 2 ** 16;

/** @param cidr - `10.96.0.0/12`, `fd00:10:96::/112`. Throws when it is not a range of at least two usable addresses. */
export function ipRange(cidr: string): IpRange {
  const [base, prefixLength] = ipaddr.parseCIDR(cidr);
  const family = base.kind() === "ipv4" ? "IPv4" : "IPv6";
  const bits = family === "IPv4" ? 32 : 128;
  const hostBits = BigInt(bits - prefixLength);
  const network = (toNumber(base) >> hostBits) << hostBits;
  const all = 1n << hostBits;
  const usable = all - (family === "IPv4" ? 2n : 1n);
  if (usable < 2n) throw new Error(`Cannot allocate addresses from ${JSON.stringify(cidr)}: it is too small`);
  const size = Number(family === "IPv6" && usable > BigInt(IPV6_SIZE_MAX) ? BigInt(IPV6_SIZE_MAX) : usable);
  return {
    cidr,
    family,
    size,
    at: (offset) => toText(network + 1n + BigInt(offset), bits),
    offsetOf(ip) {
      if (!ipaddr.isValid(ip)) return undefined;
      const parsed = ipaddr.parse(ip);
      if ((parsed.kind() === "ipv4" ? "IPv4" : "IPv6") !== family) return undefined;
      const offset = toNumber(parsed) - network - 1n;
      return offset >= 0n && offset < usable ? Number(offset) : undefined;
    },
  };
}

/** Canonical text of an address, which is what claims go by. */
export function canonicalIp(ip: string): string {
  return ipaddr.isValid(ip) ? ipaddr.parse(ip).toString() : ip;
}

function toNumber(ip: ipaddr.IPv4 | ipaddr.IPv6): bigint {
  return ip.toByteArray().reduce((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

function toText(number: bigint, bits: number): string {
  const bytes = Array.from({ length: bits / 8 }, (_, i) => Number((number >> BigInt(bits - 8 * (i + 1))) & 0xffn));
  return ipaddr.fromByteArray(bytes).toString();
}
