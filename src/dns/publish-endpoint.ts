import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Client } from "@fairlead/client/client";
import { keysFrom, startController } from "@fairlead/client/controller/run-controller";
import { getIfThere } from "@fairlead/client/get-if-there";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { OwnEndpoint, OwnSlice } from "./own-endpoint.ts";
import { DNS_SERVICE, ownSlice, ownSliceName, saysTheSame } from "./own-endpoint.ts";

export interface PublishOptions {
  readonly client: Client;
  /** Holds our own slice, at least. */
  readonly slices: Cache<EndpointSlice>;
  readonly endpoint: OwnEndpoint;
  readonly log: Logger;
  readonly clock: Clock;
}

/** How long until we look again for our Node: on a new machine we may be there before it. */
const NODE_LOOK_MS = 1_000;

/**
 * Reconciles our own EndpointSlice, also after another client deletes or changes it. Stopping marks us as not ready, and
 * takes away a slice that would not go with our Node.
 */
export function publishEndpoint({ client, slices, endpoint, log, clock }: PublishOptions): Running {
  const name = ownSliceName(endpoint.nodeName);
  const key = `${DNS_SERVICE.namespace}/${name}`;

  const ownNode = (signal: AbortSignal) => getIfThere(client, nodeKind, { name: endpoint.nodeName }, { signal });

  /** Answers whether the slice goes when its node does: not yet, while there is no Node. */
  async function publish(signal: AbortSignal): Promise<boolean> {
    const present = slices.get(key);
    const isOwned = (present?.metadata.ownerReferences ?? []).length > 0;
    const node = isOwned ? undefined : await ownNode(signal);
    const wanted = ownSlice(endpoint, true, node?.metadata);
    if (present === undefined) await client.create(endpointSliceKind, wanted, { signal });
    else if (node !== undefined || !saysTheSame(present, wanted)) await change(present, wanted, signal);
    return isOwned || node !== undefined;
  }

  async function change(present: EndpointSlice, wanted: OwnSlice, signal?: AbortSignal): Promise<void> {
    const { labels, ownerReferences } = wanted.metadata;
    const metadata = {
      labels: { ...present.metadata.labels, ...labels },
      ...(ownerReferences !== undefined && { ownerReferences }),
    };
    const options = signal === undefined ? {} : { signal };
    await client.patch(
      endpointSliceKind,
      { namespace: DNS_SERVICE.namespace, name },
      "merge",
      { ...wanted, metadata },
      options,
    );
  }

  async function retract(): Promise<void> {
    const present = slices.get(key);
    if (present === undefined) return;
    if ((present.metadata.ownerReferences ?? []).length === 0) {
      // No other component would remove it.
      await client.delete(endpointSliceKind, { namespace: DNS_SERVICE.namespace, name });
      return;
    }
    const wanted = ownSlice(endpoint, false, undefined);
    if (!saysTheSame(present, wanted)) await change(present, wanted);
  }

  const controller = startController({
    name: "dns-endpoint",
    sources: [keysFrom(slices, (change) => (change.key === key ? [key] : []))],
    reconcile: async (_, signal) => ((await publish(signal)) ? undefined : { afterMs: NODE_LOOK_MS }),
    log,
    clock,
  });
  // No event comes while no slice exists.
  controller.enqueue(key);

  return running(async () => {
    await controller.stop();
    await retract().catch((error: unknown) => log.warn("Cannot mark this DNS server as not ready", { error }));
  });
}
