import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import { containsAll, containsAny } from "./encoded-fields.ts";
import type { FieldSet } from "./field-set.ts";
import { decodeFieldSet, difference, emptySet, encodeFieldSet, isEmptySet, union } from "./field-set.ts";

/** A writer, as the entries of `metadata.managedFields` identify it. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** `""` for the object itself. */
  readonly subresource: string;
}

/** The fields that one manager owns. */
export interface Ownings {
  readonly manager: Manager;
  /** When the manager last changed a field. `""` for an entry without a time. */
  readonly time: string;
  readonly fields: FieldSet;
  /** The stored entry with these {@link fields}, which need not be encoded again. */
  readonly entry?: ManagedFieldsEntry;
}

/**
 * Reads entries that this server has stored: they are not checked, and their fields are decoded when they are needed. Most
 * writes touch the fields of one or two managers.
 */
export function storedManagers(entries: readonly ManagedFieldsEntry[]): readonly Ownings[] {
  return entries.map((entry) => {
    const { manager = "", operation, apiVersion = "", subresource = "", time = "" } = entry;
    const identity = {
      name: manager,
      operation: operation === "Apply" ? operation : "Update",
      apiVersion,
      subresource,
    } as const;
    let decoded: FieldSet | undefined;
    return {
      manager: identity,
      time,
      entry,
      get fields() {
        decoded ??= decodeFieldSet(entry.fieldsV1 ?? {}) ?? emptySet;
        return decoded;
      },
    };
  });
}

/**
 * Reads entries of `metadata.managedFields` that a client has sent.
 *
 * Returns `undefined` when an entry is malformed; upstream ignores the whole list then. The last one of several entries
 * of a manager counts.
 */
export function decodeManagers(entries: readonly ManagedFieldsEntry[]): readonly Ownings[] | undefined {
  const ownings = new Map<string, Ownings>();
  for (const entry of entries) {
    const { manager = "", operation, apiVersion = "", subresource = "", time = "", fieldsType, fieldsV1 = {} } = entry;
    const fields = decodeFieldSet(fieldsV1);
    if (operation !== "Apply" && operation !== "Update") return undefined;
    if (apiVersion === "" || fieldsType !== "FieldsV1" || fields === undefined) return undefined;
    const identity: Manager = { name: manager, operation, apiVersion, subresource };
    ownings.set(managerId(identity), { manager: identity, time, fields, entry });
  }
  return [...ownings.values()];
}

/** Writes `metadata.managedFields` in upstream's order: appliers first, then by time. Leaves out managers of nothing. */
export function encodeManagers(ownings: readonly Ownings[]): readonly ManagedFieldsEntry[] {
  return ownings
    .filter((owning) => owning.entry !== undefined || !isEmptySet(owning.fields))
    .toSorted(byOperationAndTime)
    .map(({ manager, time, fields, entry }) => {
      if (entry !== undefined) return (entry.time ?? "") === time ? entry : { ...entry, time };
      return {
        manager: manager.name,
        operation: manager.operation,
        apiVersion: manager.apiVersion,
        ...(time !== "" && { time }),
        fieldsType: "FieldsV1",
        fieldsV1: encodeFieldSet(fields),
        ...(manager.subresource !== "" && { subresource: manager.subresource }),
      };
    });
}

function byOperationAndTime(a: Ownings, b: Ownings): number {
  const keys = ({ manager, time }: Ownings) => [
    manager.operation,
    time,
    manager.name,
    manager.apiVersion,
    manager.subresource,
  ];
  const [left, right] = [keys(a), keys(b)];
  for (const [index, key] of left.entries()) {
    const other = right[index] ?? "";
    if (key !== other) return key < other ? -1 : 1;
  }
  return 0;
}

/** Identifies a manager. An applier is the same in every API version. */
export function managerId({ name, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify([name, operation, operation === "Apply" ? "" : apiVersion, subresource]);
}

/** Whether two entries are of the same writer. */
export function sameManager(a: Manager, b: Manager): boolean {
  const sameVersion = a.operation === "Apply" || a.apiVersion === b.apiVersion;
  return a.name === b.name && a.operation === b.operation && a.subresource === b.subresource && sameVersion;
}

/** The owning without some fields, which are paths of its own API version. */
export function withoutOwned(owning: Ownings, fields: FieldSet): Ownings {
  const { entry } = owning;
  const isUntouched = entry !== undefined && !containsAny(entry.fieldsV1, fields);
  if (isUntouched) return owning;
  return withFields(owning, difference(owning.fields, fields));
}

/** The owning with more fields, which its manager has written at `time`. */
export function withWritten(owning: Ownings, fields: FieldSet, time: string): Ownings {
  const { manager, entry } = owning;
  if (entry === undefined || !containsAll(entry.fieldsV1, fields)) {
    return { manager, time, fields: union(owning.fields, fields) };
  }
  return {
    manager,
    time,
    entry,
    get fields() {
      return owning.fields;
    },
  };
}

/** The owning with other fields; the owning itself where they are the same. */
function withFields(owning: Ownings, fields: FieldSet): Ownings {
  return fields === owning.fields ? owning : { manager: owning.manager, time: owning.time, fields };
}
