import type { NftObject } from "../words/ruleset.ts";
import { identityOf } from "../words/ruleset.ts";

/** An object of the table that is new, gone, or another than it was. */
export interface ObjectChange {
  readonly before: NftObject | undefined;
  readonly after: NftObject | undefined;
}

/**
 * Wanted contents of one table, and their owners. Each table has a ledger of its own.
 *
 * Several owners (Services, policies) may want the same object: an address behind two of them, a chain that several share. It
 * is there as long as one does. Where they want different things under one identity, the owner whose name comes first gets it.
 */
export interface Ledger {
  /** Replaces everything the owner wants. Nothing means that the owner is gone. */
  replace(owner: string, objects: readonly NftObject[]): void;
  /** What is different since the last call, each object once; what came and went in between is left out. */
  takeChanges(): readonly ObjectChange[];
  /** Everything, as it shall be now. */
  objects(): readonly NftObject[];
}

/** Those who want an object in one and the same form. A single owner stands alone: most objects have no other. */
interface Claim {
  readonly object: NftObject;
  readonly owners: string | Set<string>;
}

/** An empty ledger. */
export function createLedger(): Ledger {
  const claims = new Map<string, readonly Claim[]>();
  const wishes = new Map<string, ReadonlyMap<string, NftObject>>();
  const touched = new Map<string, NftObject | undefined>();

  const touch = (identity: string, change: (before: readonly Claim[]) => readonly Claim[]) => {
    const before = claims.get(identity) ?? [];
    if (!touched.has(identity)) touched.set(identity, winner(before));
    const after = change(before);
    if (after.length === 0) claims.delete(identity);
    else claims.set(identity, after);
  };

  return {
    replace(owner, objects) {
      const before = wishes.get(owner) ?? new Map<string, NftObject>();
      const after = new Map(objects.map((object) => [identityOf(object), object]));
      for (const identity of before.keys()) {
        if (!after.has(identity)) touch(identity, (all) => without(all, owner));
      }
      for (const [identity, object] of after) {
        if (before.get(identity) === object) continue;
        touch(identity, (all) => withClaim(without(all, owner), owner, object));
      }
      if (after.size === 0) wishes.delete(owner);
      else wishes.set(owner, after);
    },

    takeChanges() {
      const changes = [...touched].flatMap(([identity, before]): readonly ObjectChange[] => {
        const after = winner(claims.get(identity));
        return same(before, after) ? [] : [{ before, after }];
      });
      touched.clear();
      return changes;
    },

    objects: () => [...claims.values()].flatMap((all) => winner(all) ?? []),
  };
}

function without(claims: readonly Claim[], owner: string): readonly Claim[] {
  return claims.flatMap(({ object, owners }): readonly Claim[] => {
    if (typeof owners === "string") return owners === owner ? [] : [{ object, owners }];
    // Changed in place: ten thousand Services may share a chain, and no other code holds the set.
    owners.delete(owner);
    return owners.size === 0 ? [] : [{ object, owners }];
  });
}

function withClaim(claims: readonly Claim[], owner: string, object: NftObject): readonly Claim[] {
  const known = claims.find((claim) => same(claim.object, object));
  if (known === undefined) return [...claims, { object, owners: owner }];
  if (typeof known.owners !== "string") {
    known.owners.add(owner);
    return claims;
  }
  return [...claims.filter((claim) => claim !== known), { object, owners: new Set([known.owners, owner]) }];
}

/** The form that is wanted by the owner whose name comes first. */
function winner(claims: readonly Claim[] = []): NftObject | undefined {
  if (claims.length <= 1) return claims[0]?.object;
  const first = ({ owners }: Claim) => (typeof owners === "string" ? owners : [...owners].toSorted()[0]) ?? "";
  return claims.toSorted((a, b) => (first(a) < first(b) ? -1 : 1))[0]?.object;
}

function same(a: NftObject | undefined, b: NftObject | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  if (a.object === "element" && b.object === "element") return a.value === b.value;
  return JSON.stringify(a) === JSON.stringify(b);
}
