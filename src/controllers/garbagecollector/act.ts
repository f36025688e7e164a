import type { Client } from "@fairlead/client/client";
import { ifThere } from "@fairlead/client/if-there";
import type { GarbageAction } from "./plan.ts";

/** Carries one action out. An object that is gone needs none. Rejects with Conflict when the object was replaced or changed meanwhile. */
export async function act(client: Client, action: GarbageAction, signal: AbortSignal): Promise<void> {
  await ifThere(write(client, action, signal));
}

async function write(client: Client, action: GarbageAction, signal: AbortSignal): Promise<void> {
  const { resource, metadata } = action.object;
  const { namespace, name, uid, resourceVersion } = metadata;
  const key = { namespace, name };
  const patch = (change: object) =>
    client.patch(resource, key, "merge", { metadata: { uid, resourceVersion, ...change } }, { signal });
  if (action.do === "delete") {
    const preconditions = { uid, resourceVersion };
    await client.delete(resource, key, { propagationPolicy: action.policy, preconditions, signal });
  } else if (action.do === "setOwners") await patch({ ownerReferences: action.owners });
  else await patch({ finalizers: action.finalizers });
}
