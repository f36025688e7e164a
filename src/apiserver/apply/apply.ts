import { deepEqual } from "../../api/deep-equal.ts";
import type { Kind } from "../../api/kind.ts";
import type { ManagedFieldsEntry } from "../../api/meta/v1/object-meta.ts";
import type { Conflict } from "./apply-conflict.ts";
import { applyConflict, conflictsBut, conflictsWith } from "./apply-conflict.ts";
import { compareObjects } from "./compare.ts";
import type { FieldSet } from "./field-set.ts";
import { difference, isEmptySet, union } from "./field-set.ts";
import { fieldsOf } from "./fields-of.ts";
import { KUBECTL, lastAppliedFields, withLastApplied } from "./last-applied.ts";
import type { Manager, Ownings } from "./managers.ts";
import { encodeManagers, ownedBy, ownedByOthers, sameManager, storedManagers, withoutOwned } from "./managers.ts";
import { mergeApplied } from "./merge-applied.ts";
import { isWrittenThrough, objectMetadata, withoutResetFields, withoutSystemFields } from "./system-fields.ts";
import { withoutFields } from "./without-fields.ts";

type Json = Readonly<Record<string, unknown>>;

/** One server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/). */
export interface Application {
  readonly kind: Kind;
  /** The stored object as JSON; absent when it is to be created. */
  readonly live: Json | undefined;
  readonly managedFields: readonly ManagedFieldsEntry[] | undefined;
  /** The configuration as the client wrote it: without defaults. */
  readonly applied: Json;
  readonly manager: Manager;
  /** Takes fields over from other managers. */
  readonly force: boolean;
  /** The time of the request, in the API's format. */
  readonly time: string;
}

/** The result of an apply. */
export interface Applied {
  /** The merged object; without defaults, not validated. */
  readonly object: Json;
  readonly managedFields: readonly ManagedFieldsEntry[];
}

/** Manager of the fields that an object had before its fields were tracked. */
const BEFORE_FIRST_APPLY = "before-first-apply";

/**
 * Merges a configuration into the live object, and removes the fields that its manager applied before and does not any more.
 *
 * @throws {StatusError} `Conflict` for fields of other managers that would change, unless forced.
 */
export function applyConfiguration(application: Application): Applied {
  const { kind, live, applied, manager, force, time } = application;
  const { schema } = kind;
  const before = ownersOf(application);
  const fields = withoutSystemFields(withoutResetFields(fieldsOf(schema, applied), kind, manager.subresource));
  const object = mergedObject(application, before, fields);
  const { changed, removed } = compareObjects(schema, live, object, isWrittenThrough(kind, manager.subresource));
  const others = before.filter((other) => !sameManager(other.manager, manager));
  const conflicts = conflictsWith(others, changed);
  if (!force) refuseConflicts(application, conflicts);
  const taken = union(changed, removed);
  const rest = others.map((other) => withoutOwned(other, taken, manager.apiVersion));
  const isSame = live !== undefined && deepEqual(live, object);
  const known = before.find((candidate) => sameManager(candidate.manager, manager));
  // Like upstream: an apply that changes nothing keeps the time of its entry.
  const own = { manager, time: isSame ? (known?.time ?? "") : time, fields };
  const entries = encodeManagers([...rest, ...(isEmptySet(fields) ? [] : [own])]);
  const isKubectl = manager.name === KUBECTL;
  return { object: isKubectl ? withLastApplied(object, applied) : object, managedFields: entries };
}

/** Returns the live object with the configuration, without the fields that the manager no longer applies and that no other owns. */
function mergedObject(application: Application, before: readonly Ownings[], fields: FieldSet): Json {
  const { kind, live, applied, manager } = application;
  const merged = mergeApplied(kind.schema, live ?? {}, applied);
  const others = ownedByOthers(before, manager);
  const kept = union(objectMetadata, fields, others);
  const gone = difference(ownedBy(before, manager), kept);
  return (withoutFields(kind.schema, merged, { gone, kept }) ?? {}) as Json;
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
