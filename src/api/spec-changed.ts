import { deepEqual } from "./deep-equal.ts";
import type { KubeObject } from "./resource-reference.ts";

const NOT_THE_USERS: ReadonlySet<string> = new Set(["kind", "apiVersion", "metadata", "status"]);

/**
 * Whether two versions of an object differ in what the user wants: in anything but metadata and status.
 *
 * Where a kind has `metadata.generation`, this is what makes it go up.
 */
export function specChanged(object: KubeObject, previous: KubeObject): boolean {
  const wanted = (version: KubeObject) =>
    Object.fromEntries(Object.entries(version).filter(([name]) => !NOT_THE_USERS.has(name)));
  return !deepEqual(wanted(object), wanted(previous));
}
