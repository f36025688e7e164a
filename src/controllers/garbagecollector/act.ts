import { isNotFound } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import type { GarbageAction } from "./plan.ts";

/** Carries one action out. Refused with Conflict when the object is no longer the one that was looked at; what is gone needs nothing. */
export async function act(client: Client, action: GarbageAction, signal: AbortSignal): Promise<void> {
  const { resource, metadata } = action.object;
  const { namespace, name, uid, resourceVersion } = metadata;
  const key = { namespace, name };
  const patch = (change: object) =>
    client.patch(resource, key, "merge", { metadata: { uid, resourceVersion, ...change } }, { signal });
  try {
    if (action.do === "delete") {
      const preconditions = { uid, resourceVersion };
      await client.delete(resource, key, { propagationPolicy: action.policy, preconditions, signal });
    } else if (action.do === "setOwners") await patch({ ownerReferences: action.owners });
    else await patch({ finalizers: action.finalizers });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
