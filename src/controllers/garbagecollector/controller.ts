import type { KubeObject } from "../../api/kind.ts";
import type { OwnerReference } from "../../api/meta/v1/object-meta.ts";
import { isNotFound } from "../../api/status-error.ts";
import type { Cache } from "../../client/cache.ts";
import type { Client } from "../../client/client.ts";
import { createEventRecorder } from "../../client/events/event-recorder.ts";
import { type LookAgain, startController } from "../../client/run-controller.ts";
import { type Running, running } from "../../lib/running.ts";
import type { Caches } from "../caches.ts";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { metadataKind } from "../discovered-resource.ts";
import { isWaiting, type OwnedObject, ownershipGraph } from "./ownership-graph.ts";
import { type GarbageAction, type OwnerState, planGarbage } from "./plan.ts";
import { type ResourceCaches, resourceCaches } from "./resource-caches.ts";

/** How often the API server is asked for new resources. Upstream's. */
const REFRESH_MS = 30_000;

/** Deletes objects whose owners are gone, and lets owners go whose dependents are. Keys are uids. */
export function startGarbageCollector({ clientFor, caches, log: parent, clock }: ControllerContext): Running {
  const log = parent.with({ controller: "garbagecollector" });
  const client = clientFor(controllerIdentity("generic-garbage-collector"));
  const events = createEventRecorder({ client, component: "garbage-collector-controller", clock, log });
  const graph = ownershipGraph();
  const ending = new AbortController();
  const added: string[] = [];
  let look = (uid: string): void => void added.push(uid);
  const resources = resourceCaches({
    ...{ client, shared: sharedCaches(caches), log, clock },
    onChange: (resource, change) => {
      for (const uid of graph.apply(resource, change)) look(uid);
    },
  });

  async function reconcile(uid: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const object = graph.get(uid);
    if (object === undefined) return undefined;
    const states = new Map<string, OwnerState>();
    for (const owner of object.metadata.ownerReferences ?? []) {
      const state = await stateOf(object, owner, signal);
      if (state === undefined) return { afterMs: REFRESH_MS };
      states.set(owner.uid, state);
    }
    const dependents = graph.dependentsOf(uid);
    const ownerState = (owner: OwnerReference) => states.get(owner.uid) ?? "absent";
    for (const action of planGarbage({ object, dependents, ownerState })) await act(client, action, signal);
    return undefined;
  }

  /** `undefined` when the API server knows no such kind, so that nobody can say. */
  async function stateOf(
    object: OwnedObject,
    owner: OwnerReference,
    signal: AbortSignal,
  ): Promise<OwnerState | undefined> {
    const known = graph.get(owner.uid);
    if (known !== undefined && isInReach(object, known)) return isWaiting(known) ? "waiting" : "solid";
    if (known !== undefined) {
      const message = `ownerRef [${owner.apiVersion}/${owner.kind}, namespace: ${object.metadata.namespace}, name: ${owner.name}, uid: ${owner.uid}] does not exist in namespace "${object.metadata.namespace}"`;
      events.record(referenceOf(object), { type: "Warning", reason: "OwnerRefInvalidNamespace", message });
      return "absent";
    }
    return liveState(client, resources, { object, owner, signal });
  }

  async function follow(): Promise<void> {
    while (!ending.signal.aborted) {
      await resources.refresh(ending.signal).then(
        () => first.resolve(),
        (error: unknown) => {
          if (!ending.signal.aborted) log.warn("Cannot look for resources", { error });
        },
      );
      await clock.sleep(REFRESH_MS, ending.signal).catch(() => {});
    }
  }

  const first = Promise.withResolvers<void>();
  const source = {
    synced: first.promise,
    subscribe(add: (uid: string) => void) {
      look = add;
      for (const uid of added.splice(0)) add(uid);
      return () => {};
    },
  };
  const controller = startController({
    name: "garbagecollector",
    sources: [source],
    reconcile,
    workers: 20,
    log: parent,
    clock,
  });
  const done = follow();
  return running(async () => {
    ending.abort();
    first.resolve();
    await controller.stop();
    await resources.stop();
    await done;
    await events.stop();
  });
}

/** Asks the API server itself: the copies may not have heard of a new owner yet. */
async function liveState(
  client: Client,
  resources: ResourceCaches,
  { object, owner, signal }: { object: OwnedObject; owner: OwnerReference; signal: AbortSignal },
): Promise<OwnerState | undefined> {
  const group = owner.apiVersion.includes("/") ? (owner.apiVersion.split("/")[0] ?? "") : "";
  const resource = resources.find(group, owner.kind);
  if (resource === undefined) return undefined;
  if (resource.namespaced && object.metadata.namespace === undefined) return "absent";
  const key = { name: owner.name, ...(resource.namespaced && { namespace: object.metadata.namespace }) };
  try {
    const found = await client.get(metadataKind(resource), key, { signal });
    if (found.metadata.uid !== owner.uid) return "absent";
    return isWaiting(found) ? "waiting" : "solid";
  } catch (error) {
    if (isNotFound(error)) return "absent";
    throw error;
  }
}

/** An owner is in the same namespace, or in none. */
function isInReach(object: OwnedObject, owner: OwnedObject): boolean {
  return !owner.resource.namespaced || owner.metadata.namespace === object.metadata.namespace;
}

function referenceOf({ resource, metadata }: OwnedObject): KubeObject {
  const apiVersion = resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
  return { apiVersion, kind: resource.kind, metadata };
}

/** Refused with Conflict when the object is no longer the one that was looked at. What is gone needs nothing. */
async function act(client: Client, action: GarbageAction, signal: AbortSignal): Promise<void> {
  const { resource, metadata } = action.object;
  const { namespace, name, uid, resourceVersion } = metadata;
  const kind = metadataKind(resource);
  const key = { namespace, name };
  const patch = (change: object) =>
    client.patch(kind, key, "merge", { metadata: { uid, resourceVersion, ...change } }, { signal });
  try {
    if (action.do === "delete") {
      const preconditions = { uid, resourceVersion };
      await client.delete(kind, key, { propagationPolicy: action.policy, preconditions, signal });
    } else if (action.do === "setOwners") await patch({ ownerReferences: action.owners });
    else await patch({ finalizers: action.finalizers });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function sharedCaches(caches: Caches): ReadonlyMap<string, Cache<KubeObject>> {
  return new Map<string, Cache<KubeObject>>([
    ["pods.", caches.pods],
    ["services.", caches.services],
    ["endpoints.", caches.endpoints],
    ["endpointslices.discovery.k8s.io", caches.endpointSlices],
    ["nodes.", caches.nodes],
    ["namespaces.", caches.namespaces],
    ["serviceaccounts.", caches.serviceAccounts],
    ["configmaps.", caches.configMaps],
    ["leases.coordination.k8s.io", caches.leases],
  ]);
}
