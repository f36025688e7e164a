import type { ManagedFieldsEntry } from "../../api/meta/v1/object-meta.ts";
import type { FieldSet } from "./field-set.ts";
import { decodeFieldSet, difference, emptySet, encodeFieldSet, isEmptySet, union } from "./field-set.ts";

/** One writer, as the entries of `metadata.managedFields` tell them apart. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  /** `""` for the object itself. */
  readonly subresource: string;
}

/** What each manager owns. */
export interface Ownings {
  readonly manager: Manager;
  /** When it last took or gave up a field. */
  readonly time: string;
  readonly fields: FieldSet;
}

/** Reads `metadata.managedFields`. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] = []): readonly Ownings[] {
  return entries.map(({ manager = "", operation, apiVersion = "", subresource = "", time = "", fieldsV1 }) => ({
    manager: { name: manager, operation: operation === "Apply" ? "Apply" : "Update", apiVersion, subresource },
    time,
    fields: decodeFieldSet(fieldsV1),
  }));
}

/** Writes `metadata.managedFields`; who owns nothing any more is left out. Appliers come first, then by time. */
export function encodeManagers(ownings: readonly Ownings[]): readonly ManagedFieldsEntry[] {
  const order = ({ manager, time }: Ownings) => `${manager.operation} ${time} ${manager.name}`;
  return ownings
    .filter(({ fields }) => !isEmptySet(fields))
    .toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
    .map(({ manager, time, fields }) => ({
      manager: manager.name,
      operation: manager.operation,
      apiVersion: manager.apiVersion,
      time,
      fieldsType: "FieldsV1",
      fieldsV1: encodeFieldSet(fields),
      ...(manager.subresource !== "" && { subresource: manager.subresource }),
    }));
}

/** Whether two entries are of the same writer. */
export function sameManager(a: Manager, b: Manager): boolean {
  return a.name === b.name && a.operation === b.operation && a.subresource === b.subresource;
}

/** What a manager owns; nothing when it has no entry. */
export function ownedBy(ownings: readonly Ownings[], manager: Manager): FieldSet {
  return ownings.find((candidate) => sameManager(candidate.manager, manager))?.fields ?? emptySet;
}

/** The others' fields together. */
export function ownedByOthers(ownings: readonly Ownings[], manager: Manager): FieldSet {
  return union(...ownings.filter((other) => !sameManager(other.manager, manager)).map(({ fields }) => fields));
}

/** Gives `manager` exactly `fields`, and takes `taken` from everybody else. Times change only with what is owned. */
export function withOwner(
  ownings: readonly Ownings[],
  owner: Pick<Ownings, "manager" | "time" | "fields">,
  taken: FieldSet,
): readonly Ownings[] {
  const others = ownings
    .filter(({ manager }) => !sameManager(manager, owner.manager))
    .map((other) => ({ ...other, fields: difference(other.fields, taken) }));
  const known = ownings.find(({ manager }) => sameManager(manager, owner.manager));
  const isSame =
    known !== undefined &&
    isEmptySet(difference(known.fields, owner.fields)) &&
    isEmptySet(difference(owner.fields, known.fields));
  return [...others, isSame ? { ...owner, time: known.time } : owner];
}
