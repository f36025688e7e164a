import type { Kind } from "@fairlead/api/kind";
import type { JsonObject } from "@fairlead/api/patch/json-object";
import { type ConversionSteps, inVersion } from "./conversion-steps.ts";
import type { FieldSet } from "./field-set.ts";
import { difference, union } from "./field-set.ts";
import { fieldsOf } from "./fields-of.ts";
import type { Ownings } from "./managers.ts";
import { objectMetadata } from "./system-fields.ts";
import { withoutFields } from "./without-fields.ts";

/** A merged object, and what decides about the fields that its manager no longer applies. */
export interface Pruning {
  readonly merged: JsonObject;
  /** The version of {@link merged}. */
  readonly apiVersion: string;
  /** The fields that the manager applied before, in the version of that time. */
  readonly last: Ownings;
  /** What every manager owns from now on. */
  readonly owned: readonly Ownings[];
  /** The served versions of the resource by `apiVersion`. */
  readonly kinds: ReadonlyMap<string, Kind>;
}

/**
 * Returns the merged object without the fields that its manager applied before and that no manager owns now. Each version
 * puts back what its managers own.
 *
 * Source: `prune` and `addBackOwnedItems` in `merge/update.go` of structured-merge-diff v6.3.
 */
export function* prunedObject({ merged, apiVersion, last, owned, kinds }: Pruning): ConversionSteps<JsonObject> {
  const first = last.manager.apiVersion;
  let [whole, at] = [yield* inVersion(merged, apiVersion, first), first];
  const ownedFirst = ownedIn(owned, first);
  let pruned = without(kinds, first, whole, { gone: difference(last.fields, ownedFirst), kept: ownedFirst });
  const others = new Set(owned.map(({ manager }) => manager.apiVersion));
  others.delete(first);
  for (const version of [...others].sort()) {
    const kind = kinds.get(version);
    if (kind === undefined) continue;
    whole = yield* inVersion(whole, at, version);
    pruned = yield* inVersion(pruned, at, version);
    at = version;
    const kept = union(ownedIn(owned, version), fieldsOf(kind.schema, pruned));
    const gone = difference(fieldsOf(kind.schema, whole), kept);
    pruned = without(kinds, version, whole, { gone, kept });
  }
  return yield* inVersion(pruned, at, apiVersion);
}

function ownedIn(owned: readonly Ownings[], apiVersion: string): FieldSet {
  const fields = owned.filter(({ manager }) => manager.apiVersion === apiVersion).map((owning) => owning.fields);
  return union(objectMetadata, ...fields);
}

function without(
  kinds: ReadonlyMap<string, Kind>,
  apiVersion: string,
  object: JsonObject,
  owned: { readonly gone: FieldSet; readonly kept: FieldSet },
): JsonObject {
  const kind = kinds.get(apiVersion);
  return kind === undefined ? object : ((withoutFields(kind.schema, object, owned) ?? {}) as JsonObject);
}
