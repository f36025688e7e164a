import type { NftObject } from "./ruleset.ts";
import { identityOf } from "./ruleset.ts";

/** An object of the table that is new, gone, or another than it was. */
export interface ObjectChange {
  readonly before: NftObject | undefined;
  readonly after: NftObject | undefined;
}

/**
 * What the table of one family shall hold, and who wants it.
 *
 * Several Services may want the same object: a pod behind two of them, a chain that all with three endpoints share. It is
 * there as long as one does. Where they want different things (one external address and port for two Services), the owner
 * whose name comes first gets it, with all its slots.
 */
export interface Ledger {
  /** Replaces everything the owner wants. Nothing means that the owner is gone. */
  replace(owner: string, objects: readonly NftObject[]): void;
  /** What is different since the last call, each object once; what came and went in between is left out. */
  takeChanges(): readonly ObjectChange[];
  /** Everything, as it shall be now. */
  objects(): readonly NftObject[];
}

/** One owner's wish; those for the same object are chained, in the order of their owners. */
interface Claim {
  readonly owner: string;
  readonly object: NftObject;
  readonly next: Claim | undefined;
}

/** An empty ledger. */
export function createLedger(): Ledger {
  const claims = new Map<string, Claim>();
  const wishes = new Map<string, ReadonlyMap<string, NftObject>>();
  const touched = new Map<string, NftObject | undefined>();

  const touch = (identity: string, claim: Claim | undefined) => {
    if (!touched.has(identity)) touched.set(identity, claims.get(identity)?.object);
    if (claim === undefined) claims.delete(identity);
    else claims.set(identity, claim);
  };

  return {
    replace(owner, objects) {
      const before = wishes.get(owner) ?? new Map<string, NftObject>();
      const after = new Map(objects.map((object) => [identityOf(object), object]));
      for (const identity of before.keys()) {
        if (!after.has(identity)) touch(identity, without(claims.get(identity), owner));
      }
      for (const [identity, object] of after) {
        if (before.get(identity) === object) continue;
        touch(identity, withClaim(without(claims.get(identity), owner), { owner, object }));
      }
      if (after.size === 0) wishes.delete(owner);
      else wishes.set(owner, after);
    },

    takeChanges() {
      const changes = [...touched].flatMap(([identity, before]): readonly ObjectChange[] => {
        const after = claims.get(identity)?.object;
        return same(before, after) ? [] : [{ before, after }];
      });
      touched.clear();
      return changes;
    },

    objects: () => [...claims.values()].map(({ object }) => object),
  };
}

function without(claim: Claim | undefined, owner: string): Claim | undefined {
  if (claim === undefined) return undefined;
  return claim.owner === owner ? claim.next : { ...claim, next: without(claim.next, owner) };
}

function withClaim(claim: Claim | undefined, { owner, object }: Omit<Claim, "next">): Claim {
  if (claim === undefined || owner < claim.owner) return { owner, object, next: claim };
  return { ...claim, next: withClaim(claim.next, { owner, object }) };
}

function same(a: NftObject | undefined, b: NftObject | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (a.object === "element" && b.object === "element") return a.value === b.value;
  return JSON.stringify(a) === JSON.stringify(b);
}
