import { nodeKind } from "../api/core/v1/node.ts";
import type { EndpointSlice } from "../api/discovery/v1/endpointslice.ts";
import { endpointSliceKind } from "../api/discovery/v1/endpointslice.ts";
import { isNotFound } from "../api/status-error.ts";
import type { Cache } from "../client/cache.ts";
import type { Client } from "../client/client.ts";
import { keysFrom, startController } from "../client/run-controller.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Running } from "../lib/running.ts";
import { running } from "../lib/running.ts";
import type { OwnEndpoint } from "./own-endpoint.ts";
import { DNS_SERVICE, ownSlice, ownSliceName, saysTheSame } from "./own-endpoint.ts";

export interface PublishOptions {
  readonly client: Client;
  /** Holds our own slice, at least. */
  readonly slices: Cache<EndpointSlice>;
  readonly endpoint: OwnEndpoint;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Keeps our own EndpointSlice as it should be, also when somebody deletes or changes it. Stopping marks us as not ready. */
export function publishEndpoint({ client, slices, endpoint, log, clock }: PublishOptions): Running {
  const name = ownSliceName(endpoint.nodeName);
  const key = `${DNS_SERVICE.namespace}/${name}`;

  async function put(ready: boolean, signal?: AbortSignal): Promise<void> {
    const options = signal === undefined ? {} : { signal };
    const present = slices.get(key);
    if (present === undefined) {
      if (!ready) return;
      const node = await client.get(nodeKind, { name: endpoint.nodeName }, options).catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
      await client.create(endpointSliceKind, ownSlice(endpoint, ready, node?.metadata), options);
      return;
    }
    const wanted = ownSlice(endpoint, ready, undefined);
    if (saysTheSame(present, wanted)) return;
    const metadata = { ...present.metadata, labels: { ...present.metadata.labels, ...wanted.metadata.labels } };
    await client.patch(
      endpointSliceKind,
      { namespace: DNS_SERVICE.namespace, name },
      "merge",
      { ...wanted, metadata: { labels: metadata.labels } },
      options,
    );
  }

  const controller = startController({
    name: "dns-endpoint",
    sources: [keysFrom(slices, (change) => (change.key === key ? [key] : []))],
    reconcile: async (_, signal) => {
      await put(true, signal);
    },
    log,
    clock,
  });
  // There is no change to hear of while there is no slice.
  controller.enqueue(key);

  return running(async () => {
    await controller.stop();
    await put(false).catch((error: unknown) => log.warn("Cannot mark this DNS server as not ready", { error }));
  });
}
