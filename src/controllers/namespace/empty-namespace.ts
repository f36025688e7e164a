import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { boundedSeconds } from "@fairlead/api/int64";
import { apiVersionOf, type KubeObject } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { type DiscoveredResource, discoverResources, resourceName } from "../discovered-resource.ts";
import type { DeletionReport } from "./conditions.ts";

/** How long an object with a finalizer may take, when nothing else is known. Upstream's guess. */
const FINALIZER_SECONDS = 15;

/** What one pass came to. */
export interface EmptyingResult {
  readonly report: DeletionReport;
  /** Whether nothing is left, as far as could be seen. */
  readonly isEmpty: boolean;
  /** How long what is left may take to go. */
  readonly estimateSeconds: number;
}

interface Leftovers {
  readonly remaining: Map<string, number>;
  readonly finalizers: Map<string, number>;
  readonly failures: string[];
  estimateSeconds: number;
}

/**
 * Deletes everything in a namespace: pods first, and the rest once they are gone, so that nothing runs without what it
 * was started with.
 */
export async function emptyNamespace(client: Client, namespace: string, signal: AbortSignal): Promise<EmptyingResult> {
  const discovery = await discoverResources(client, signal);
  const deletable = discovery.resources.filter(
    (r) => r.namespaced && r.verbs.includes("delete") && r.verbs.includes("list"),
  );
  const isPods = ({ group, plural }: DiscoveredResource) => group === "" && plural === "pods";
  const left: Leftovers = { remaining: new Map(), finalizers: new Map(), failures: [], estimateSeconds: 0 };

  for (const resource of deletable.filter(isPods)) await emptyResource(client, { resource, namespace, signal }, left);
  if (left.remaining.size === 0 && left.failures.length === 0) {
    const others = deletable.filter((resource) => !isPods(resource));
    await Promise.all(others.map((resource) => emptyResource(client, { resource, namespace, signal }, left)));
  }
  const { remaining, finalizers, failures: contentFailures, estimateSeconds } = left;
  const report = { discoveryFailures: discovery.failures, contentFailures, remaining, finalizers };
  const isEmpty = remaining.size === 0 && contentFailures.length === 0 && discovery.failures.length === 0;
  return { report, isEmpty, estimateSeconds };
}

async function emptyResource(
  client: Client,
  { resource, namespace, signal }: { resource: DiscoveredResource; namespace: string; signal: AbortSignal },
  left: Leftovers,
): Promise<void> {
  try {
    const { items } = await client.list(resource, { namespace, signal });
    if (items.length === 0) return;
    await deleteAll(client, { resource, namespace, items, signal });
    const after = await client.list(resource, { namespace, signal });
    for (const item of after.items) note(item, left);
    if (after.items.length > 0) left.remaining.set(resourceName(resource), after.items.length);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    left.failures.push(`${resource.plural}: ${error.message}`);
  }
}

async function deleteAll(
  client: Client,
  {
    resource,
    namespace,
    items,
    signal,
  }: { resource: DiscoveredResource; namespace: string; items: readonly KubeObject[]; signal: AbortSignal },
): Promise<void> {
  if (resource.verbs.includes("deletecollection")) {
    const prefix = resource.group === "" ? "/api" : "/apis";
    const path = `${prefix}/${apiVersionOf(resource)}/namespaces/${encodeURIComponent(namespace)}/${resource.plural}`;
    await client.raw(
      "DELETE",
      path,
      { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy: "Background" },
      signal,
    );
    return;
  }
  for (const { metadata } of items) {
    const key = { namespace, name: metadata.name };
    await client.delete(resource, key, { propagationPolicy: "Background", signal });
  }
}

function note(item: KubeObject, left: Leftovers): void {
  const { finalizers = [], deletionGracePeriodSeconds } = item.metadata;
  for (const finalizer of finalizers) left.finalizers.set(finalizer, (left.finalizers.get(finalizer) ?? 0) + 1);
  // Only pods have a grace period of their own; the field is absent in everything else.
  const grace = deletionGracePeriodSeconds ?? (item as Partial<Pod>).spec?.terminationGracePeriodSeconds ?? 0;
  left.estimateSeconds = Math.max(
    left.estimateSeconds,
    boundedSeconds(grace),
    finalizers.length > 0 ? FINALIZER_SECONDS : 0,
  );
}
