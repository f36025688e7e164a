import { isIPv6 } from "@fairlead/lib/ip-family";

/** A range of addresses as numbers: `first` is aligned to `prefixLength`. */
interface Range {
  readonly first: bigint;
  readonly prefixLength: number;
  readonly isIPv6: boolean;
}

/** Gives nodes their share of the cluster's pod ranges. */
export interface NodeRanges {
  /** That range is taken. Text that is no range inside the cluster's is ignored. */
  occupy(cidr: string): void;
  release(cidr: string): void;
  /** The first free range of each of the cluster's, now taken; `undefined` when one of them has none left. */
  allocate(): readonly string[] | undefined;
}

/** The shares of one of the cluster's ranges. */
interface Shares {
  occupy(cidr: string): void;
  release(cidr: string): void;
  allocate(): string | undefined;
}

/** Upstream's defaults. */
const MASK_SIZES = { ipv4: 24, ipv6: 64 };

/**
 * The shares of nodes in each of `clusterCIDRs`, one for each IP family; none is taken.
 *
 * @param maskSizes - The length of a share by family. Default: 24 and 64.
 * @throws {Error} when one of them is not a range, or is smaller than one node's share.
 */
export function nodeRanges(clusterCIDRs: readonly string[], maskSizes = MASK_SIZES): NodeRanges {
  const all = clusterCIDRs.map((cidr) => sharesOf(cidr, isIPv6(cidr) ? maskSizes.ipv6 : maskSizes.ipv4));
  return {
    occupy(cidr) {
      for (const shares of all) shares.occupy(cidr);
    },
    release(cidr) {
      for (const shares of all) shares.release(cidr);
    },
    allocate() {
      const found: string[] = [];
      for (const shares of all) {
        const cidr = shares.allocate();
        if (cidr === undefined) {
          for (const taken of found) this.release(taken);
          return undefined;
        }
        found.push(cidr);
      }
      return found;
    },
  };
}

function sharesOf(clusterCIDR: string, maskSize: number): Shares {
  const cluster = parse(clusterCIDR);
  if (cluster === undefined)
    throw new Error(`Cannot use cluster CIDR "${clusterCIDR}": must be a range such as 10.244.0.0/16`);
  const bits = cluster.isIPv6 ? 128 : 32;
  if (maskSize < cluster.prefixLength || maskSize > bits) {
    throw new Error(
      `Cannot cut ranges of length ${maskSize} out of "${clusterCIDR}": must be between ${cluster.prefixLength} and ${bits}`,
    );
  }
  const shift = BigInt(bits - maskSize);
  const count = 1n << BigInt(maskSize - cluster.prefixLength);
  const taken = new Set<bigint>();

  /** The places of all shares that the range overlaps; none outside the cluster's range. */
  function* placesOf(cidr: string): Iterable<bigint> {
    const range = parse(cidr);
    if (range === undefined || range.isIPv6 !== cluster?.isIPv6) return;
    const size = 1n << BigInt(bits - range.prefixLength);
    for (let address = range.first; address < range.first + size; address += 1n << shift) {
      const place = (address - cluster.first) >> shift;
      if (place >= 0n && place < count) yield place;
      else if (place >= count) return;
    }
  }

  return {
    occupy(cidr) {
      for (const place of placesOf(cidr)) taken.add(place);
    },
    release(cidr) {
      for (const place of placesOf(cidr)) taken.delete(place);
    },
    allocate() {
      for (let place = 0n; place < count; place++) {
        if (taken.has(place)) continue;
        taken.add(place);
        return `${format(cluster.first + (place << shift), cluster.isIPv6)}/${maskSize}`;
      }
      return undefined;
    },
  };
}

function parse(cidr: string): Range | undefined {
  const [address = "", length = "", ...rest] = cidr.split("/");
  const isSix = isIPv6(address);
  const bits = isSix ? 128 : 32;
  const prefixLength = Number(length);
  const value = isSix ? parseIPv6(address) : parseIPv4(address);
  if (rest.length > 0 || !/^\d+$/.test(length) || prefixLength > bits || value === undefined) return undefined;
  const hostBits = BigInt(bits - prefixLength);
  return { first: (value >> hostBits) << hostBits, prefixLength, isIPv6: isSix };
}

function parseIPv4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined;
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function parseIPv6(text: string): bigint | undefined {
  const [head = "", tail, ...rest] = text.split("::");
  if (rest.length > 0) return undefined;
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const groups = [...left, ...Array<string>(missing).fill("0"), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n);
}

function format(value: bigint, isSix: boolean): string {
  const width = isSix ? 16n : 8n;
  const count = isSix ? 8 : 4;
  const parts = Array.from(
    { length: count },
    (_, i) => (value >> (width * BigInt(count - 1 - i))) & ((1n << width) - 1n),
  );
  if (!isSix) return parts.join(".");
  const groups = parts.map((part) => part.toString(16)).join(":");
  // RFC 5952: the longest run of zeros is left out. Ranges end in zeros.
  return groups.replace(/(?:^|:)0(?::0)+$/, "::");
}
