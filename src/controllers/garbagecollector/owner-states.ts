import type { OwnerReference } from "@fairlead/api/meta/v1/object-meta";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { getIfThere } from "@fairlead/client/get-if-there";
import { isWaiting, type OwnedObject, type OwnershipGraph } from "./ownership-graph.ts";
import type { OwnerState } from "./plan.ts";
import type { ResourceCaches } from "./resource-caches.ts";

/** Where owners are looked up, and where events about them go. */
export interface OwnerStatesOptions {
  readonly client: Client;
  readonly graph: OwnershipGraph;
  readonly resources: Pick<ResourceCaches, "find">;
  readonly events: Pick<EventRecorder, "record">;
}

/** How all owners of an object are, by uid; `undefined` when one is of a kind that the API server does not know. */
export type OwnerStates = (
  object: OwnedObject,
  signal: AbortSignal,
) => Promise<ReadonlyMap<string, OwnerState> | undefined>;

/** Looks owners up in the graph, and asks the API server itself about those that are not there: it may know more. */
export function ownerStates(options: OwnerStatesOptions): OwnerStates {
  return async (object, signal) => {
    const states = new Map<string, OwnerState>();
    for (const owner of object.metadata.ownerReferences ?? []) {
      const state = knownState(options, object, owner) ?? (await liveState(options, { object, owner, signal }));
      if (state === undefined) return undefined;
      states.set(owner.uid, state);
    }
    return states;
  };
}

function knownState(
  { graph, events }: OwnerStatesOptions,
  object: OwnedObject,
  owner: OwnerReference,
): OwnerState | undefined {
  const known = graph.get(owner.uid);
  // Its kind may be gone, too: the API server could not be asked.
  if (known === undefined) return graph.wasDeleted(owner.uid) ? "absent" : undefined;
  const { namespace } = object.metadata;
  // An owner is in the same namespace, or in none.
  if (!known.resource.namespaced || known.metadata.namespace === namespace)
    return isWaiting(known) ? "waiting" : "solid";
  const { apiVersion, kind, name, uid } = owner;
  const message = `ownerRef [${apiVersion}/${kind}, namespace: ${namespace}, name: ${name}, uid: ${uid}] does not exist in namespace "${namespace}"`;
  events.record(referenceTo(object), { type: "Warning", reason: "OwnerRefInvalidNamespace", message });
  return "absent";
}

async function liveState(
  { client, resources }: OwnerStatesOptions,
  { object, owner, signal }: { object: OwnedObject; owner: OwnerReference; signal: AbortSignal },
): Promise<OwnerState | undefined> {
  const group = owner.apiVersion.includes("/") ? (owner.apiVersion.split("/")[0] ?? "") : "";
  const resource = resources.find(group, owner.kind);
  if (resource === undefined) return undefined;
  if (resource.namespaced && object.metadata.namespace === undefined) return "absent";
  const key = { name: owner.name, ...(resource.namespaced && { namespace: object.metadata.namespace }) };
  const found = await getIfThere(client, resource, key, { signal });
  if (found?.metadata.uid !== owner.uid) return "absent";
  return isWaiting(found) ? "waiting" : "solid";
}

function referenceTo({ resource, metadata: { namespace, name, uid } }: OwnedObject) {
  const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
  return { apiVersion, kind: resource.kind, namespace, name, uid };
}
