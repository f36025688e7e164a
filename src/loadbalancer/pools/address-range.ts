import { goQuote } from "@fairlead/api/go-quote";
import { type Address, bitsOf, type IPFamily, parseAddress } from "./address.ts";

/** Addresses of one family that follow one another. */
export interface AddressRange {
  readonly family: IPFamily;
  readonly first: bigint;
  /** Belongs to the range. */
  readonly last: bigint;
}

/** A text that names no addresses. */
export class AddressRangeError extends Error {}

/**
 * Reads a line of a pool: `192.168.1.240-192.168.1.250`, `192.168.10.0/24` or `fd00::/112`. All addresses of a prefix belong to
 * it, the first and the last one, too.
 *
 * @throws {AddressRangeError} in MetalLB's words, when it is neither. (https://metallb.io/apis/#ipaddresspoolspec)
 */
export function parseAddressRange(text: string): AddressRange {
  return text.includes("-") ? parseFromTo(text) : parsePrefix(text);
}

function parseFromTo(text: string): AddressRange {
  const at = text.indexOf("-");
  const wrong = (problem: string) => new AddressRangeError(`invalid IP range ${goQuote(text)}: ${problem}`);
  const end = (which: string, word: string) => {
    const address = parseAddress(word.trim());
    if (address === undefined) throw wrong(`invalid ${which} IP ${goQuote(word)}`);
    return address;
  };
  const [from, to] = [text.slice(0, at), text.slice(at + 1)];
  const [first, last] = [end("start", from), end("end", to)];
  if (first.family !== last.family) throw wrong("start and end IP are of different families");
  if (first.value > last.value) {
    throw wrong(`start IP ${goQuote(from.trim())} is after the end IP ${goQuote(to.trim())}`);
  }
  return { family: first.family, first: first.value, last: last.value };
}

function parsePrefix(text: string): AddressRange {
  const [word = "", bits = "", ...more] = text.split("/");
  const address = parseAddress(word);
  const length = Number(bits);
  if (address === undefined || more.length > 0 || !/^\d{1,3}$/.test(bits) || length > bitsOf(address.family)) {
    throw new AddressRangeError(`invalid CIDR ${goQuote(text)}`);
  }
  const hostBits = BigInt(bitsOf(address.family) - length);
  const first = (address.value >> hostBits) << hostBits;
  return { family: address.family, first, last: first + (1n << hostBits) - 1n };
}

export function rangeHas({ family, first, last }: AddressRange, address: Address): boolean {
  return family === address.family && first <= address.value && address.value <= last;
}

export function rangesOverlap(one: AddressRange, other: AddressRange): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}
