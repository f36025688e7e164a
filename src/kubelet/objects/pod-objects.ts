import type { ConfigMap } from "../../api/core/v1/configmap.ts";
import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { Secret } from "../../api/core/v1/secret.ts";
import type { Holder, ObjectWatcher } from "./object-watcher.ts";
import { podReferences } from "./pod-references.ts";

/** The ConfigMaps and Secrets of a pod's namespace that it refers to and that exist, by name. */
export interface PodObjects {
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
  readonly secrets: ReadonlyMap<string, Secret>;
}

export interface ObjectWatchers {
  readonly configMaps: ObjectWatcher<ConfigMap>;
  readonly secrets: ObjectWatcher<Secret>;
}

/** Fetches what the pod refers to; from then on the holder hears of changes. */
export async function fetchPodObjects(pod: Pod, holder: Holder, watchers: ObjectWatchers): Promise<PodObjects> {
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
