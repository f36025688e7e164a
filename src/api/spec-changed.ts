import { deepEqual } from "./deep-equal.ts";
import type { Kind } from "./kind.ts";
import type { KubeObject } from "./resource-reference.ts";

const NOT_THE_USERS: ReadonlySet<string> = new Set(["kind", "apiVersion", "metadata"]);

/**
 * Whether two versions of an object differ in what the user wants: in anything but metadata and status.
 *
 * A status that has no path of its own is the user's, as everything else is. Where a kind has `metadata.generation`, this is what makes it go up.
 */
export function specChanged(
  object: KubeObject,
  previous: KubeObject,
  { hasStatus }: Pick<Kind, "hasStatus"> = { hasStatus: true },
): boolean {
  const isWanted = (name: string) => !NOT_THE_USERS.has(name) && !(hasStatus && name === "status");
  const wanted = (version: KubeObject) =>
    Object.fromEntries(Object.entries(version).filter(([name]) => isWanted(name)));
  return !deepEqual(wanted(object), wanted(previous));
}
