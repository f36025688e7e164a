import ipaddr from "ipaddr.js";

export type IPFamily = "IPv4" | "IPv6";

/** An IP address as a number: addresses of a range are counted through. */
export interface Address {
  readonly family: IPFamily;
  readonly value: bigint;
}

/** Reads an address; undefined for text that is none. An IPv4 address in the form of IPv6 is taken for what it is. */
export function parseAddress(text: string): Address | undefined {
  if (text.includes("%") || !ipaddr.isValid(text)) return undefined;
  if (!text.includes(":") && !ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
  const address = ipaddr.process(text);
  const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family: address.kind() === "ipv4" ? "IPv4" : "IPv6", value };
}

/** Returns an address as Go prints it: IPv6 as RFC 5952 says. */
export function formatAddress({ family, value }: Address): string {
  const bytes = Array.from({ length: bitsOf(family) / 8 }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn));
  const address = ipaddr.fromByteArray(bytes.reverse());
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString();
}

export function bitsOf(family: IPFamily): 32 | 128 {
  return family === "IPv4" ? 32 : 128;
}
