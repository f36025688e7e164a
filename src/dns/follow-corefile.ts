import { type ConfigMap, configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { CONFIG_NAMES, CONFIG_NAMESPACE, type CorefileSource, corefileSource } from "./config/corefile-source.ts";

export interface FollowCorefileOptions {
  readonly client: Client;
  /** Gets each change of what counts, the first one too. The object is undefined for the default. */
  readonly onChange: (source: CorefileSource, object: ConfigMap | undefined) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The Corefile of the cluster, as the API has it. */
export interface FollowedCorefile {
  /** Resolves once what was there when we started has been reported. */
  readonly synced: Promise<void>;
  stop(): Promise<void>;
}

/** Follows the ConfigMaps that may hold a Corefile, and no others. */
export function followCorefile({ client, onChange, clock, log }: FollowCorefileOptions): FollowedCorefile {
  const caches = new Map(
    CONFIG_NAMES.map((name) => {
      const fieldSelector = `metadata.name=${name}`;
      const cache = startCache(client, configMapKind, { namespace: CONFIG_NAMESPACE, fieldSelector, log, clock });
      return [name, cache] as const;
    }),
  );
  const mapNamed = (name: (typeof CONFIG_NAMES)[number]) => caches.get(name)?.get(`${CONFIG_NAMESPACE}/${name}`);
  let reported: string | undefined;
  let isSynced = false;

  const report = () => {
    if (!isSynced) return;
    const source = corefileSource(mapNamed);
    const text = JSON.stringify(source);
    if (text === reported) return;
    reported = text;
    onChange(source, source.from === "default" ? undefined : mapNamed(source.from));
  };

  for (const cache of caches.values()) cache.onChange(report);
  const synced = Promise.all([...caches.values()].map((cache) => cache.synced)).then(() => {
    isSynced = true;
    report();
  });
  synced.catch(() => {});
  return {
    synced,
    async stop() {
      await Promise.all([...caches.values()].map((cache) => cache.stop()));
    },
  };
}
