import { union } from "./field-set.ts";
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
  for (const owning of updaters.toSorted((a, b) => (ageKey(a) < ageKey(b) ? -1 : 1))) {
    if (excess === 0) break;
    const { apiVersion } = owning.manager;
    const first = oldest.get(apiVersion);
    if (first === undefined) oldest.set(apiVersion, owning);
    else {
      mergeIntoBucket(left, first, owning);
      excess--;
    }
  }
  return [...left.values()];
}

function ageKey({ manager, time }: Ownings): string {
  return `${time} ${managerId(manager)}`;
}

/** Upstream's manager of the fields that the oldest entries had, one for each API version. */
function bucketFor(apiVersion: string): Manager {
  return { name: "ancient-changes", operation: "Update", apiVersion, subresource: "" };
}

/** Moves the fields of `owning`, and of `first` before the bucket exists, to the bucket. The time is that of `owning`. */
function mergeIntoBucket(left: Map<string, Ownings>, first: Ownings, owning: Ownings): void {
  const manager = bucketFor(owning.manager.apiVersion);
  const [id, bucketId] = [managerId(owning.manager), managerId(manager)];
  const bucket = id === bucketId ? undefined : left.get(bucketId);
  if (bucket === undefined) left.delete(managerId(first.manager));
  left.delete(id);
  const fields = union((bucket ?? first).fields, owning.fields);
  left.set(bucketId, { manager, time: owning.time, fields });
}
