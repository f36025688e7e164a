import { BlockList, isIPv4 } from "node:net";
import { ExpectedError } from "@fairlead/lib/expected-error";

/** An IPv4 range in CIDR notation, taken apart. */
export interface Range {
  /** The first address as a number. */
  readonly first: number;
  readonly prefixLength: number;
}

/** Ranges in CIDR notation, one for each IP family. The first is of the cluster's primary family. */
export type FamilyRanges = readonly [primary: string, ...others: string[]];

/** The ranges that one cluster needs for itself on this machine. */
export interface ClusterRanges {
  readonly nodeCIDRs: FamilyRanges;
  readonly podCIDRs: FamilyRanges;
  readonly serviceCIDRs: FamilyRanges;
}

/** The ranges of the first cluster; each further one gets the next free of its kind. */
export const DEFAULT_RANGES: ClusterRanges = {
  nodeCIDRs: ["172.30.0.0/24"],
  podCIDRs: ["10.244.0.0/16"],
  serviceCIDRs: ["10.96.0.0/12"],
};

/** How many ranges behind the default one are tried before giving up. */
const CANDIDATES_MAX: Record<keyof ClusterRanges, number> = { nodeCIDRs: 256, podCIDRs: 12, serviceCIDRs: 8 };

/** @throws {ExpectedError} when the text is no IPv4 range, or has bits set behind its prefix. */
export function parseRange(text: string): Range {
  const [address = "", length = ""] = text.split("/");
  const prefixLength = Number(length);
  if (!isIPv4(address) || !/^\d{1,2}$/.test(length) || prefixLength > 32) {
    throw new ExpectedError(`Cannot use range "${text}": must be IPv4 CIDR notation, for example 10.244.0.0/16`);
  }
  const first = toNumber(address);
  if (first % size(prefixLength) !== 0) {
    throw new ExpectedError(
      `Cannot use range "${text}": it starts at ${toAddress(first - (first % size(prefixLength)))}`,
    );
  }
  return { first, prefixLength };
}

/** Whether any address is in both. */
export function overlaps(a: Range, b: Range): boolean {
  return a.first < b.first + size(b.prefixLength) && b.first < a.first + size(a.prefixLength);
}

/** The `index`-th address of a range, counted from 0, its network address. */
export function addressAt(cidr: string, index: number): string {
  const range = parseRange(cidr);
  if (index >= size(range.prefixLength))
    throw new ExpectedError(`Cannot take address ${index} of "${cidr}": the range is smaller`);
  return toAddress(range.first + index);
}

/** The number behind the slash. */
export function prefixLengthOf(cidr: string): number {
  return parseRange(cidr).prefixLength;
}

/** Whether an IPv4 address is in a range, given in CIDR notation. */
export function contains(cidr: string, address: string): boolean {
  const block = new BlockList();
  const [network = "", length = ""] = cidr.split("/");
  block.addSubnet(network, Number(length), "ipv4");
  return block.check(address, "ipv4");
}

/**
 * Ranges that overlap nothing in `taken`, nor one another: what was asked for, else the default one or the next free
 * after it.
 *
 * @param taken - Ranges that this machine has routes for, in CIDR notation.
 * @throws {ExpectedError} when an asked-for range is taken, or no free one is left.
 */
export function chooseRanges(asked: Partial<ClusterRanges>, taken: readonly string[]): ClusterRanges {
  const chosen: ChosenRange[] = [];
  for (const name of RANGE_NAMES) {
    for (const wanted of asked[name] ?? []) {
      mustBeFree(name, wanted, { taken, chosen });
      chosen.push({ name, cidr: wanted });
    }
  }
  const choose = (name: keyof ClusterRanges): FamilyRanges => {
    const wanted = asked[name];
    if (wanted !== undefined) return wanted;
    const cidr = nextFree(name, [...taken, ...chosen.map((other) => other.cidr)]);
    chosen.push({ name, cidr });
    return [cidr];
  };
  return { nodeCIDRs: choose("nodeCIDRs"), podCIDRs: choose("podCIDRs"), serviceCIDRs: choose("serviceCIDRs") };
}

/** Every range of a cluster. */
export function allRanges({ nodeCIDRs, podCIDRs, serviceCIDRs }: ClusterRanges): readonly string[] {
  return [...nodeCIDRs, ...podCIDRs, ...serviceCIDRs];
}

const RANGE_NAMES = ["nodeCIDRs", "podCIDRs", "serviceCIDRs"] as const;

interface ChosenRange {
  readonly name: keyof ClusterRanges;
  readonly cidr: string;
}

function mustBeFree(
  name: keyof ClusterRanges,
  wanted: string,
  { taken, chosen }: { readonly taken: readonly string[]; readonly chosen: readonly ChosenRange[] },
): void {
  const range = parseRange(wanted);
  const clash = taken.find((other) => overlaps(parseRange(other), range));
  if (clash !== undefined)
    throw new ExpectedError(`Cannot use ${flagOf(name)} ${wanted}: this machine has a route for ${clash}`);
  for (const other of chosen) {
    if (overlaps(parseRange(other.cidr), range))
      throw new ExpectedError(`Cannot use ${flagOf(name)} ${wanted}: it overlaps ${flagOf(other.name)} ${other.cidr}`);
  }
}

function nextFree(name: keyof ClusterRanges, taken: readonly string[]): string {
  const used = taken.map(parseRange);
  const found = candidates(DEFAULT_RANGES[name][0], CANDIDATES_MAX[name]).find(
    (c) => !used.some((u) => overlaps(c, u)),
  );
  if (found !== undefined) return `${toAddress(found.first)}/${found.prefixLength}`;
  throw new ExpectedError(
    `Cannot find free addresses for ${flagOf(name)}: every usual range has a route on this machine; name one with ${flagOf(name)}`,
  );
}

function candidates(cidr: string, count: number): Range[] {
  const { first, prefixLength } = parseRange(cidr);
  return Array.from({ length: count }, (_, i) => ({ first: first + i * size(prefixLength), prefixLength }));
}

function flagOf(name: keyof ClusterRanges): string {
  return { nodeCIDRs: "--node-cidr", podCIDRs: "--pod-cidr", serviceCIDRs: "--service-cidr" }[name];
}

function size(prefixLength: number): number {
  return 2 ** (32 - prefixLength);
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
