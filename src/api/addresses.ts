import ipaddr from "ipaddr.js";
import { goQuote } from "./go-quote.ts";

/**
 * What is wrong with the text of an IP address, in upstream's words.
 *
 * Leading zeros are refused, as upstream does where `StrictIPCIDRValidation` is enabled: programs disagree about them, since
 * to some of them they mean an octal number.
 */
export function ipProblems(text: string): string[] {
  if (isIP(text)) return [];
  if (isSloppyIP(text)) return ["must not have leading 0s"];
  return ["must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"];
}

/**
 * What is wrong with a valid address in a field that takes one form of each alone: it may be no IPv4 address in the form
 * of IPv6, and IPv6 is written as RFC 5952 says.
 */
export function strictIPProblems(text: string): string[] {
  const address = ipaddr.parse(text);
  if (!(address instanceof ipaddr.IPv6)) return [];
  if (address.isIPv4MappedAddress()) return ["must not be an IPv4-mapped IPv6 address"];
  const canonical = address.toRFC5952String();
  return canonical === text ? [] : [`must be in canonical form (${goQuote(canonical)})`];
}

/** What is wrong with the text of an address range. */
export function cidrProblems(text: string): string[] {
  if (isCidr(text)) return [];
  if (isSloppyCidr(text)) return ["must not have leading 0s in IP or prefix length"];
  return ["must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"];
}

/** An IP address whose decimal numbers may have leading zeros, as old programs write them. */
export function isSloppyIP(text: string): boolean {
  return isIP(text) || isIP(withoutLeadingZeros(text));
}

/** An address range whose decimal numbers may have leading zeros. */
export function isSloppyCidr(text: string): boolean {
  return isCidr(text) || isCidr(withoutLeadingZeros(text));
}

/** No address or range that is worth a closer look is longer. */
const ADDRESS_LENGTH_MAX = 128;

/** Takes zeros from the front of the decimal numbers of an IPv4 address, and of a prefix's length. */
function withoutLeadingZeros(text: string): string {
  if (text.length > ADDRESS_LENGTH_MAX) return text;
  return text.replace(/(?<=^|[.:/])0+(?=\d+(?:[./]|$))/g, "");
}

/** Dotted decimal IPv4, or IPv6 without a zone. */
export function isIP(text: string): boolean {
  return isIPv4(text) || isIPv6(text);
}

/** Dotted decimal without leading zeros. */
export function isIPv4(text: string): boolean {
  return text.length <= ADDRESS_LENGTH_MAX && ipaddr.IPv4.isValidFourPartDecimal(text) && !/(^|\.)0\d/.test(text);
}

/** Any way of writing IPv6 without a zone. An IPv4 address at its end has no leading zeros either. */
export function isIPv6(text: string): boolean {
  if (text.length > ADDRESS_LENGTH_MAX || text.includes("%") || !ipaddr.IPv6.isValid(text)) return false;
  return !text.includes(".") || isIPv4(text.slice(text.lastIndexOf(":") + 1));
}

function isCidr(text: string): boolean {
  if (text.length > ADDRESS_LENGTH_MAX) return false;
  const [address = "", bits = "", ...more] = text.split("/");
  if (more.length > 0 || !/^(0|[1-9]\d*)$/.test(bits)) return false;
  return (isIPv4(address) && Number(bits) <= 32) || (isIPv6(address) && Number(bits) <= 128);
}

/** Addresses that no endpoint and no external address can have. `text` must be a valid address. */
export function specialIPProblems(text: string): string[] {
  switch (ipaddr.process(text).range()) {
    case "unspecified":
      return [`may not be unspecified (${text})`];
    case "loopback":
      return ["may not be in the loopback range (127.0.0.0/8, ::1/128)"];
    case "linkLocal":
      return ["may not be in the link-local range (169.254.0.0/16, fe80::/10)"];
    case "multicast":
      return isLinkLocalMulticast(text)
        ? ["may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"]
        : [];
    default:
      return [];
  }
}

function isLinkLocalMulticast(text: string): boolean {
  return text.startsWith("224.0.0.") || /^ff02:/i.test(text);
}
