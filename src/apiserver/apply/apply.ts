import { deepEqual } from "@fairlead/api/deep-equal";
import type { Kind } from "@fairlead/api/kind";
import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import type { JsonObject } from "@fairlead/api/patch/json-object";
import type { Conflict } from "./apply-conflict.ts";
import { applyConflict, conflictsBut, conflictsWith } from "./apply-conflict.ts";
import type { Comparison } from "./compare.ts";
import { compareObjects } from "./compare.ts";
import { type ConversionSteps, inVersion } from "./conversion-steps.ts";
import type { FieldSet } from "./field-set.ts";
import { emptySet, isEmptySet, union } from "./field-set.ts";
import { fieldsOf } from "./fields-of.ts";
import { KUBECTL, lastAppliedFields, withLastApplied } from "./last-applied.ts";
import type { Manager, Ownings } from "./managers.ts";
import { encodeManagers, sameManager, storedManagers, withoutOwned } from "./managers.ts";
import { mergeApplied } from "./merge-applied.ts";
import { prunedObject } from "./pruned-object.ts";
import { isWrittenThrough, withoutResetFields, withoutSystemFields } from "./system-fields.ts";

/** One server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/). */
export interface Application {
  readonly kind: Kind;
  /** The stored object as JSON; absent when it is to be created. */
  readonly live: JsonObject | undefined;
  readonly managedFields: readonly ManagedFieldsEntry[] | undefined;
  /** The configuration as the client wrote it: without defaults. */
  readonly applied: JsonObject;
  readonly manager: Manager;
  /** Takes fields over from other managers. */
  readonly force: boolean;
  /** The time of the request, in the API's format. */
  readonly time: string;
  /** The served versions of the resource by `apiVersion`: fields are owned in the version in which they were written. */
  readonly kinds: ReadonlyMap<string, Kind>;
}

/** The result of an apply. */
export interface Applied {
  /** The merged object; without defaults, not validated. */
  readonly object: JsonObject;
  readonly managedFields: readonly ManagedFieldsEntry[];
}

/** Manager of the fields that an object had before its fields were tracked. */
const BEFORE_FIRST_APPLY = "before-first-apply";

/**
 * Merges a configuration into the live object, and removes the fields that its manager applied before and does not any more.
 *
 * @throws {StatusError} `Conflict` for fields of other managers that would change, unless forced.
 */
export function* applyConfiguration(application: Application): ConversionSteps<Applied> {
  const { kind, live, applied, manager, force, time, kinds } = application;
  const before = ownersOf(application).filter(({ manager: { apiVersion } }) => kinds.has(apiVersion));
  const fields = withoutSystemFields(withoutResetFields(fieldsOf(kind.schema, applied), kind, manager.subresource));
  const object = yield* mergedObject(application, before, fields);
  const others = before.filter((other) => !sameManager(other.manager, manager));
  const changes = yield* changesPerVersion(application, others, object);
  const conflicts = conflictsWith(others, (apiVersion) => changes.get(apiVersion)?.changed ?? emptySet);
  if (!force) refuseConflicts(application, conflicts);
  const rest = others.map((other) => withoutOwned(other, changes.get(other.manager.apiVersion)?.taken ?? emptySet));
  const isSame = live !== undefined && deepEqual(live, object);
  const known = before.find((candidate) => sameManager(candidate.manager, manager));
  // Like upstream: an apply that changes nothing keeps the time of its entry.
  const own = { manager, time: isSame ? (known?.time ?? "") : time, fields };
  const entries = encodeManagers([...rest, ...(isEmptySet(fields) ? [] : [own])]);
  const isKubectl = manager.name === KUBECTL;
  return { object: isKubectl ? withLastApplied(object, applied) : object, managedFields: entries };
}

interface Change extends Comparison {
  /** {@link changed} and {@link removed} together. */
  readonly taken: FieldSet;
}

/** Compares the merged object with the live one in each version in which another manager has written. */
function* changesPerVersion(
  { live, manager, kinds }: Application,
  others: readonly Ownings[],
  object: JsonObject,
): ConversionSteps<ReadonlyMap<string, Change>> {
  const changes = new Map<string, Change>();
  for (const apiVersion of new Set(others.map((other) => other.manager.apiVersion))) {
    const kind = kinds.get(apiVersion);
    if (kind === undefined) continue;
    const before = live && (yield* inVersion(live, manager.apiVersion, apiVersion));
    const after = yield* inVersion(object, manager.apiVersion, apiVersion);
    const comparison = compareObjects(kind.schema, before, after, isWrittenThrough(kind, manager.subresource));
    const written = (set: FieldSet) => withoutResetFields(set, kind, manager.subresource);
    const [changed, removed] = [written(comparison.changed), written(comparison.removed)];
    changes.set(apiVersion, { changed, removed, taken: union(changed, removed) });
  }
  return changes;
}

/** Returns the live object with the configuration, without the fields that the manager no longer applies and that no other owns. */
function* mergedObject(
  application: Application,
  before: readonly Ownings[],
  fields: FieldSet,
): ConversionSteps<JsonObject> {
  const { kind, live, applied, manager, kinds } = application;
  const merged = mergeApplied(kind.schema, live ?? {}, applied) as JsonObject;
  const known = before.find((candidate) => sameManager(candidate.manager, manager));
  if (known === undefined || isEmptySet(known.fields)) return merged;
  const others = before.filter((other) => !sameManager(other.manager, manager));
  const owned = [...others, { manager, time: "", fields }];
  return yield* prunedObject({ merged, apiVersion: manager.apiVersion, last: known, owned, kinds });
}

/** Kubectl may take over the fields of its own annotation, all or none of the conflicts. */
function refuseConflicts({ kind, live, manager }: Application, conflicts: readonly Conflict[]): void {
  if (conflicts.length === 0) return;
  const allowed = manager.name === KUBECTL && live !== undefined ? lastAppliedFields(kind, live) : undefined;
  const left = allowed === undefined ? conflicts : conflictsBut(conflicts, allowed);
  if (left.length > 0) throw applyConflict(left);
}

/** The stored ownings. All fields of an object that has none are of one manager, by upstream's rule. */
function ownersOf({ kind, live, managedFields = [], manager, time }: Application): readonly Ownings[] {
  const stored = storedManagers(managedFields);
  if (stored.length > 0 || live === undefined) return stored;
  const isWritten = isWrittenThrough(kind, manager.subresource);
  const fields = withoutSystemFields(compareObjects(kind.schema, undefined, live, isWritten).changed);
  if (isEmptySet(fields)) return [];
  const owner: Manager = { ...manager, name: BEFORE_FIRST_APPLY, operation: "Update" };
  return [{ manager: owner, time, fields }];
}
