import type { EndpointAddress } from "@fairlead/api/core/v1/endpoints/endpoints";

/** Changes up to which each address is put in its place by itself. More of them cost more than sorting all. */
const SINGLE_CHANGES_MAX = 64;

/** Addresses in the order of their text, or those of several sets together. */
export interface AddressList {
  readonly size: number;
  /** Returns the first `count`, or all when there are fewer. */
  first(count: number): readonly EndpointAddress[];
}

/** A set of addresses. Reading them costs what changed since they were last read, and what is returned. */
export interface SortedAddresses extends AddressList {
  /** An address is known by its identity: another object with the same values is another address. */
  add(address: EndpointAddress): void;
  remove(address: EndpointAddress): void;
}

/** An empty set. */
export function createSortedAddresses(): SortedAddresses {
  const members = new Set<EndpointAddress>();
  let sorted: EndpointAddress[] = [];
  /** Addresses that `sorted` may lack, or still have; `undefined` when all have to be sorted. */
  let changed: Set<EndpointAddress> | undefined = new Set();

  // Not every set is read: what it notes of its changes stays within a bound.
  function note(address: EndpointAddress): void {
    changed?.add(address);
    if (changed === undefined || changed.size <= SINGLE_CHANGES_MAX) return;
    changed = undefined;
    sorted = [];
  }

  function place(address: EndpointAddress): void {
    let at = lowerBound(sorted, address);
    let other = sorted[at];
    while (other !== undefined && other !== address && compareAddresses(other, address) === 0) other = sorted[++at];
    const isThere = other === address;
    if (members.has(address) && !isThere) sorted.splice(at, 0, address);
    if (!members.has(address) && isThere) sorted.splice(at, 1);
  }

  return {
    get size() {
      return members.size;
    },
    add(address) {
      members.add(address);
      note(address);
    },
    remove(address) {
      members.delete(address);
      note(address);
    },
    first(count) {
      if (changed === undefined) sorted = [...members].sort(compareAddresses);
      else for (const address of changed) place(address);
      changed = new Set();
      return sorted.slice(0, count);
    },
  };
}

/** Returns the addresses of several lists, in one order. */
export function joinedAddresses(lists: readonly AddressList[]): AddressList {
  const [only] = lists;
  if (only !== undefined && lists.length === 1) return only;
  return {
    size: lists.reduce((sum, list) => sum + list.size, 0),
    first: (count) =>
      lists
        .flatMap((list) => list.first(count))
        .sort(compareAddresses)
        .slice(0, count),
  };
}

function compareAddresses(a: EndpointAddress, b: EndpointAddress): number {
  return compare(a.ip, b.ip) || compare(a.targetRef?.uid ?? "", b.targetRef?.uid ?? "");
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Returns the place of the first address that is not before this one. */
function lowerBound(sorted: readonly EndpointAddress[], address: EndpointAddress): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const other = sorted[middle];
    if (other !== undefined && compareAddresses(other, address) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}
