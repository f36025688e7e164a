import type { Kind } from "@fairlead/api/kind";
import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { capUpdaters } from "./cap-updaters.ts";
import type { Comparison } from "./compare.ts";
import { compareObjects } from "./compare.ts";
import { emptySet, intersection, isEmptySet, union } from "./field-set.ts";
import type { Manager, Ownings } from "./managers.ts";
import { decodeManagers, encodeManagers, sameManager, storedManagers, withoutOwned, withWritten } from "./managers.ts";
import { isWrittenThrough, withoutSystemFields } from "./system-fields.ts";

/** A write in one version of its resource. */
export interface WriteForm {
  readonly kind: Kind;
  /** The stored object; `undefined` when it is being created. */
  readonly previous: KubeObject | undefined;
  /** The object that the client wants, with defaults, before admission. Its `managedFields` are those of the request. */
  readonly wanted: KubeObject;
  /**
   * The same object with the fields that the kind sets or resets itself. A change counts only where both differ from
   * `previous`. Default: `wanted`.
   */
  readonly prepared?: KubeObject | undefined;
}

/** A create, update or patch whose writer is recorded in `metadata.managedFields`. */
export interface TrackedWrite {
  /**
   * The write in each version in which a manager of the object has written, by `apiVersion`: paths of one version mean nothing
   * in another. The version of {@link manager} is there.
   */
  readonly forms: ReadonlyMap<string, WriteForm>;
  readonly manager: Manager;
  /** The time of the write, in the API's format. */
  readonly time: string;
}

/**
 * Returns `metadata.managedFields` of an object after a write that is no server-side apply. `undefined`: none.
 *
 * The writer may change the entries itself, and ends tracking with `[{}]` or `[]`; entries that are left out or
 * malformed stay as they were. Writes through a subresource cannot change them. Objects without entries, from before
 * tracking or after its end, get none until they are applied.
 */
export function trackWrite(write: TrackedWrite): readonly ManagedFieldsEntry[] | undefined {
  const { forms, manager, time } = write;
  const form = forms.get(manager.apiVersion);
  if (form === undefined) throw new Error(`A write in ${manager.apiVersion} is not given in that version`);
  const known = currentOwnings(form, manager);
  if (form.previous !== undefined && known.length === 0) return undefined;
  const written = perVersion(forms, (one) => {
    const comparison = writtenFields(one, manager.subresource);
    return { ...comparison, taken: union(comparison.changed, comparison.removed) };
  });
  const owned = withoutSystemFields(written(manager.apiVersion)?.changed ?? emptySet);
  const rest = known.flatMap((owning) => {
    const inVersion = written(owning.manager.apiVersion);
    // Like upstream: the fields of a version that is not served any more have no owner.
    if (inVersion === undefined) return [];
    const { removed, taken } = inVersion;
    // The writer's own entry gets the changed fields anyway.
    return [withoutOwned(owning, sameManager(owning.manager, manager) ? removed : taken)];
  });
  const all = isEmptySet(owned) ? rest : withUpdated(rest, { manager, time, fields: owned });
  const entries = encodeManagers(capUpdaters(all));
  return entries.length === 0 ? undefined : entries;
}

/** Compares each version when it is first asked for. Answers `undefined` for a version without a form. */
function perVersion<F, T>(forms: ReadonlyMap<string, F>, compare: (form: F) => T) {
  const known = new Map<string, T>();
  return (apiVersion: string): T | undefined => {
    const form = forms.get(apiVersion);
    if (form === undefined) return undefined;
    const made = known.get(apiVersion) ?? compare(form);
    known.set(apiVersion, made);
    return made;
  };
}

/** The fields that a write changes or removes, without those that its endpoint resets. */
function writtenFields({ kind, previous, wanted, prepared = wanted }: WriteForm, subresource: string): Comparison {
  const { schema } = kind;
  const isWritten = isWrittenThrough(kind, subresource);
  const asked = compareObjects(schema, previous, wanted, isWritten);
  if (prepared === wanted || previous === undefined) return asked;
  const left = compareObjects(schema, previous, prepared, isWritten);
  return {
    changed: intersection(asked.changed, left.changed),
    removed: intersection(asked.removed, left.removed),
  };
}

/** Adds fields to the entry of their manager, which gets the time of the write. */
function withUpdated(ownings: readonly Ownings[], { manager, time, fields }: Ownings): readonly Ownings[] {
  const known = ownings.find((owning) => sameManager(owning.manager, manager));
  if (known === undefined) return [...ownings, { manager, time, fields }];
  const updated = withWritten(known, fields, time);
  return ownings.map((owning) => (owning === known ? updated : owning));
}

function currentOwnings({ previous, wanted }: WriteForm, manager: Manager): readonly Ownings[] {
  const stored = previous?.metadata.managedFields ?? [];
  const given = wanted.metadata.managedFields;
  if (manager.subresource !== "" || given === undefined) return storedManagers(stored);
  if (isReset(given)) return [];
  const decoded = given === stored ? undefined : decodeManagers(given);
  return decoded ?? storedManagers(stored);
}

/** `[]` and `[{}]` end the tracking of an object. */
function isReset(entries: readonly ManagedFieldsEntry[]): boolean {
  if (entries.length === 0) return true;
  return entries.length === 1 && Object.values(entries[0] ?? {}).every((value) => value === undefined || value === "");
}
