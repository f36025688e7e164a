import type { FieldSet } from "./field-set.ts";
import { emptySet, union } from "./field-set.ts";
import type { Manager, Ownings } from "./managers.ts";
import { managerId } from "./managers.ts";

/** Most entries with the operation Update, as upstream. Without a limit, objects with many writers grow for ever. */
const UPDATERS_MAX = 10;

/** Merges the oldest Update entries when there are more than {@link UPDATERS_MAX}. Entries of appliers are not counted. */
export function capUpdaters(ownings: readonly Ownings[]): readonly Ownings[] {
  const updaters = ownings.filter(({ manager }) => manager.operation === "Update");
  let excess = updaters.length - UPDATERS_MAX;
  if (excess <= 0) return ownings;
  const left = new Map(ownings.map((owning) => [managerId(owning.manager), owning]));
  const oldest = new Map<string, Ownings>();
  const buckets = new Map<string, Bucket>();
  for (const owning of updaters.toSorted((a, b) => (ageKey(a) < ageKey(b) ? -1 : 1))) {
    if (excess === 0) break;
    const { apiVersion } = owning.manager;
    const first = oldest.get(apiVersion);
    if (first === undefined) oldest.set(apiVersion, owning);
    else {
      moveIntoBucket({ left, buckets }, first, owning);
      excess--;
    }
  }
  // In one step: an object may have thousands of entries.
  for (const [id, { manager, time, sets }] of buckets)
    left.set(id, { manager, time, fields: union(emptySet, ...sets) });
  return [...left.values()];
}

/** The entry that takes the fields of the oldest ones of an API version. */
interface Bucket {
  readonly manager: Manager;
  /** Of the newest entry in it. */
  time: string;
  readonly sets: FieldSet[];
}

function ageKey({ manager, time }: Ownings): string {
  return `${time} ${managerId(manager)}`;
}

/** Upstream's manager of the fields that the oldest entries had, one for each API version. */
function bucketFor(apiVersion: string): Manager {
  return { name: "ancient-changes", operation: "Update", apiVersion, subresource: "" };
}

interface Capped {
  /** Entries by the id of their manager. */
  readonly left: Map<string, Ownings>;
  readonly buckets: Map<string, Bucket>;
}

/** Moves the fields of `owning`, and of `first` before the bucket exists, to the bucket. */
function moveIntoBucket({ left, buckets }: Capped, first: Ownings, owning: Ownings): void {
  const manager = bucketFor(owning.manager.apiVersion);
  const [id, bucketId] = [managerId(owning.manager), managerId(manager)];
  const stored = id === bucketId ? undefined : left.get(bucketId);
  const bucket = buckets.get(bucketId) ?? { manager, time: owning.time, sets: [(stored ?? first).fields] };
  if (!buckets.has(bucketId) && stored === undefined) left.delete(managerId(first.manager));
  if (id !== bucketId) left.delete(id);
  bucket.time = owning.time;
  bucket.sets.push(owning.fields);
  buckets.set(bucketId, bucket);
}
