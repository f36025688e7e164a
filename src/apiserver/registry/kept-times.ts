import { deepEqual } from "@fairlead/api/deep-equal";
import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";

/**
 * Returns the object with the `managedFields` of the stored one when a write changed nothing but the times of their
 * entries: a configuration that is applied again is then no change. As upstream's field manager does.
 */
export function withKeptTimes<T extends KubeObject>(object: T, previous: T): T {
  const [entries, before] = [object.metadata.managedFields, previous.metadata.managedFields];
  if (entries === before || entries === undefined || before === undefined) return object;
  if (entries.length !== before.length || !entries.every((entry, i) => sameButTime(entry, before[i]))) return object;
  const kept = { ...object, metadata: { ...object.metadata, managedFields: before } };
  return deepEqual(kept, previous) ? kept : object;
}

function sameButTime(entry: ManagedFieldsEntry, before: ManagedFieldsEntry | undefined): boolean {
  return before !== undefined && deepEqual({ ...entry, time: before.time }, before);
}
