import type { OwnerReference } from "@fairlead/api/meta/v1/object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Warn } from "../http/warnings.ts";
import { withMeta } from "./object-meta.ts";

/**
 * Returns the object with each owner reference once, and warns of those that are left out. As upstream, the body of a creation or an update
 * is looked at before admission, and every object after it.
 */
export function withUniqueOwners(
  object: KubeObject,
  { warn, isAdmitted }: { readonly warn: Warn; readonly isAdmitted: boolean },
): KubeObject {
  const { unique, repeated } = sorted(object.metadata.ownerReferences ?? []);
  if (repeated.length === 0) return object;
  const when = isAdmitted ? " after mutating admission happens" : "";
  warn([
    `.metadata.ownerReferences contains duplicate entries${when}; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${repeated.join(", ")}`,
  ]);
  return withMeta(object, { ownerReferences: unique });
}

function sorted(references: readonly OwnerReference[]) {
  const seen = new Set<string>();
  const unique: OwnerReference[] = [];
  const repeated: string[] = [];
  for (const reference of references) {
    const key = keyOf(reference);
    if (seen.has(key)) repeated.push(reference.uid);
    else unique.push(reference);
    seen.add(key);
  }
  return { unique, repeated };
}

function keyOf({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): string {
  return JSON.stringify([apiVersion, kind, name, uid, controller, blockOwnerDeletion]);
}
