import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Cache, Indexes } from "@fairlead/client/cache/cache";
import { controllerOf } from "./claim.ts";

/**
 * Finds objects by who controls them: the values are the controller's uid, and `orphan/namespace` for those that no object
 * controls. So a controller reads its own objects only, and not all of them.
 */
export const ownerIndex: Indexes<KubeObject> = {
  controller: (object) => [controllerOf(object)?.uid ?? orphansIn(object.metadata.namespace)],
};

/** What the index knows the objects by that the owner controls or may adopt. */
export function claimable<T extends KubeObject>(cache: Pick<Cache<T>, "byIndex">, owner: KubeObject): readonly T[] {
  return [...cache.byIndex("controller", owner.metadata.uid), ...orphansOf(cache, owner)];
}

/** What the index knows the objects by that the owner may adopt: those of its namespace without a controller. */
export function orphansOf<T extends KubeObject>(
  cache: Pick<Cache<T>, "byIndex">,
  { metadata: { namespace } }: KubeObject,
): readonly T[] {
  return cache.byIndex("controller", orphansIn(namespace));
}

function orphansIn(namespace: string | undefined): string {
  return `orphan/${namespace ?? ""}`;
}
