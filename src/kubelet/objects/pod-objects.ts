import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Secret } from "@fairlead/api/core/v1/secret/secret";
import { CALLED_OFF } from "@fairlead/lib/called-off";
import type { Holder, ObjectWatcher } from "./object-watcher.ts";
import { podReferences } from "./pod-references.ts";

/** The ConfigMaps and Secrets of a pod's namespace that it refers to and that exist, by name. */
export interface PodObjects {
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** Where ConfigMaps and Secrets come from. */
export interface ObjectWatchers {
  readonly configMaps: ObjectWatcher<ConfigMap>;
  readonly secrets: ObjectWatcher<Secret>;
}

/** How long the API server may take to say whether an object is there. */
const TIMEOUT_MS = 10_000;

/**
 * Fetches what the pod refers to; from then on the holder is notified of changes.
 *
 * Rejects when the API server does not answer in time, or the signal is aborted.
 */
export async function fetchPodObjects(
  pod: Pod,
  holder: Holder,
  { watchers, signal }: { readonly watchers: ObjectWatchers; readonly signal: AbortSignal },
): Promise<PodObjects> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const timer = setTimeout(
    () => over.abort(new Error("the objects that the pod refers to could not be read in time")),
    TIMEOUT_MS,
  );
  try {
    return await Promise.race([fetchAll(pod, holder, watchers), rejection(either)]);
  } finally {
    clearTimeout(timer);
    // The pod's signal would hold what waits for either one.
    over.abort(CALLED_OFF);
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

async function fetchAll(pod: Pod, holder: Holder, watchers: ObjectWatchers): Promise<PodObjects> {
  const references = podReferences(pod);
  const namespace = pod.metadata.namespace ?? "";
  const [configMaps, secrets] = await Promise.all([
    found(references.configMaps, (name) => watchers.configMaps.get(holder, namespace, name)),
    found(references.secrets, (name) => watchers.secrets.get(holder, namespace, name)),
  ]);
  return { configMaps, secrets };
}

async function found<T>(
  names: ReadonlySet<string>,
  get: (name: string) => Promise<T | undefined>,
): Promise<ReadonlyMap<string, T>> {
  const entries = await Promise.all([...names].map(async (name) => [name, await get(name)] as const));
  return new Map(entries.flatMap(([name, object]) => (object === undefined ? [] : [[name, object] as const])));
}
