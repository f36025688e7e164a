import type { Kind, KubeObject } from "../../api/kind.ts";
import type { ManagedFieldsEntry } from "../../api/meta/v1/object-meta.ts";
import { StatusError } from "../../api/status-error.ts";
import { earlierOwners } from "./earlier-owners.ts";
import type { FieldSet } from "./field-set.ts";
import { difference, intersection, isEmptySet, pathsOf, union } from "./field-set.ts";
import { changedFields, fieldsOf } from "./fields-of.ts";
import type { Manager, Ownings } from "./managers.ts";
import { decodeManagers, encodeManagers, ownedBy, ownedByOthers, sameManager, withOwner } from "./managers.ts";
import { mergeApplied, withoutFields } from "./merge-applied.ts";
import { withoutSystemFields } from "./system-fields.ts";

type Json = Readonly<Record<string, unknown>>;

/** One server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/). */
export interface Application {
  readonly kind: Kind;
  /** The stored object as JSON; absent when it is to be created. */
  readonly live: Json | undefined;
  readonly managedFields: readonly ManagedFieldsEntry[] | undefined;
  /** What the client wants, as it wrote it: without defaults. */
  readonly applied: Json;
  readonly manager: Manager;
  /** Takes fields over from other managers. */
  readonly force: boolean;
  /** When, as `metadata.managedFields` has it. */
  readonly time: string;
}

export interface Applied {
  /** What the object should become; not defaulted, not checked. */
  readonly object: Json;
  readonly managedFields: readonly ManagedFieldsEntry[];
}

/**
 * Merges what a client applies into the live object, and removes what it applied before and does not any more.
 *
 * @throws {StatusError} `Conflict` for fields that others own and that would change, unless forced.
 */
export function applyConfiguration({ kind, live, applied, manager, force, time, managedFields }: Application): Applied {
  const { schema } = kind;
  const before =
    live === undefined || (managedFields !== undefined && managedFields.length > 0)
      ? decodeManagers(managedFields)
      : earlierOwners(kind, live, { time, apiVersion: manager.apiVersion });
  const fields = withoutSystemFields(fieldsOf(schema, applied));
  const gone = difference(ownedBy(before, manager), fields);
  const others = ownedByOthers(before, manager);
  const merged = mergeApplied(schema, live ?? {}, applied);
  const kept = union(fields, others);
  const object = withoutFields(schema, merged, difference(gone, others), kept) as Json;
  const changed = withoutSystemFields(changedFields(schema, live ?? {}, object));
  const taken = intersection(changed, fields);
  const conflicts = before
    .filter((other) => !sameManager(other.manager, manager))
    .map((other) => ({ other, fields: intersection(other.fields, taken) }))
    .filter((conflict) => !isEmptySet(conflict.fields));
  if (conflicts.length > 0 && !force) throw applyConflict(conflicts);
  return {
    object,
    managedFields: encodeManagers(withOwner(before, { manager, time, fields }, taken)),
  };
}

/**
 * Keeps account of an ordinary write to an object that somebody has applied: what it changes is its writer's.
 * Objects that nobody applied carry no account.
 *
 * The writer may change the account itself, as kubectl does when it goes over to server-side apply, or end it with
 * `managedFields: [{}]`. An account that is left out, or makes no sense, stays as it was.
 */
export function trackUpdate(kind: Kind, previous: KubeObject, object: KubeObject, writer: Omit<Ownings, "fields">) {
  const kept = previous.metadata.managedFields ?? [];
  if (kept.length === 0) return [];
  const given = object.metadata.managedFields ?? [];
  if (isReset(given)) return [];
  const entries = given.length > 0 && isReadable(given) ? given : kept;
  const { manager, time } = writer;
  const before = decodeManagers(entries);
  const changed = withoutSystemFields(changedFields(kind.schema, previous, object));
  const removed = difference(fieldsOf(kind.schema, previous), fieldsOf(kind.schema, object));
  const touched = union(changed, removed);
  if (isEmptySet(touched)) return entries;
  const fields = difference(union(ownedBy(before, manager), changed), removed);
  return encodeManagers(withOwner(before, { manager, time, fields }, touched));
}

function isReset(entries: readonly ManagedFieldsEntry[]): boolean {
  return entries.length === 1 && Object.values(entries[0] ?? {}).every((value) => value === undefined || value === "");
}

function isReadable(entries: readonly ManagedFieldsEntry[]): boolean {
  return entries.every(
    ({ operation, fieldsType }) => (operation === "Apply" || operation === "Update") && fieldsType === "FieldsV1",
  );
}

function applyConflict(conflicts: readonly { readonly other: Ownings; readonly fields: FieldSet }[]): StatusError {
  const all = conflicts.flatMap(({ other, fields }) =>
    pathsOf(fields).map((field) => ({ field, manager: shown(other) })),
  );
  const causes = all.map(({ field, manager }) => ({
    reason: "FieldManagerConflict",
    message: `conflict with ${manager}`,
    field,
  }));
  const [first] = all;
  const text =
    all.length === 1 && first !== undefined
      ? `conflict with ${first.manager}: ${first.field}`
      : [...Map.groupBy(all, ({ manager }) => manager)]
          .map(([manager, fields]) =>
            [`conflicts with ${manager}:`, ...fields.map(({ field }) => `- ${field}`)].join("\n"),
          )
          .join("\n");
  const count = `${all.length} conflict${all.length === 1 ? "" : "s"}`;
  return new StatusError("Conflict", `Apply failed with ${count}: ${text}`, { details: { causes } });
}

function shown({ manager }: Ownings): string {
  const below = manager.subresource === "" ? "" : ` with subresource ${JSON.stringify(manager.subresource)}`;
  return `${JSON.stringify(manager.name)}${below} using ${manager.apiVersion}`;
}
