import { connect } from "node:net";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { isNotFound } from "@fairlead/api/status-error";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { onAbort } from "@fairlead/lib/on-abort";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { DNS_SERVICE, ownSliceName } from "../own-endpoint.ts";

/** Pause after something that cannot be explained, such as a machine without that address. */
const PAUSE_MS = 1_000;
/** A connection that ended sooner may be one of too many: the next one is tried as long after it. */
const SHORT_MS = 100;

/** Interval between looks at a slice that lists no server. Changes of the slice are looked at immediately. */
const UNLISTED_MS = 60_000;

export interface WatchOwnServerOptions {
  /** Watches and patches EndpointSlices in kube-system. */
  readonly client: Client;
  readonly nodeName: string;
  readonly log: Logger;
  readonly clock: Clock;
}

interface Listening {
  readonly address: string;
  readonly port: number;
}

/**
 * Takes this machine's DNS server out of the DNS Service when it has died without a word, so that the other machines' take
 * over; it lists itself again as soon as it is back.
 *
 * For another process on the same machine. An open connection to the server ends with it, whatever ended it: this process
 * notices at once, without polling.
 */
export function watchOwnServer({ client, nodeName, log, clock }: WatchOwnServerOptions): Running {
  const name = ownSliceName(nodeName);
  const slices = startCache(client, endpointSliceKind, {
    namespace: DNS_SERVICE.namespace,
    fieldSelector: `metadata.name=${name}`,
    log,
    clock,
  });
  let changed = new AbortController();

  async function look(signal: AbortSignal): Promise<number> {
    changed = new AbortController();
    const slice = slices.get(`${DNS_SERVICE.namespace}/${name}`);
    const listening = slice === undefined ? undefined : readyEndpoint(slice);
    if (slice === undefined || listening === undefined) return UNLISTED_MS;
    const sinceMs = clock.monotonicMs();
    switch (await untilClosed(listening, AbortSignal.any([signal, changed.signal]))) {
      case "refused":
        log.warn("This machine's DNS server is gone: the others take over", { ...listening });
        await retract(slice, signal);
        return PAUSE_MS;
      case "failed":
        return PAUSE_MS;
      case "closed":
        return clock.monotonicMs() - sinceMs < SHORT_MS ? SHORT_MS : 0;
    }
  }

  async function retract({ endpoints, metadata }: EndpointSlice, signal: AbortSignal): Promise<void> {
    const conditions = { ready: false, serving: false, terminating: false };
    const patch = {
      // Refused when it has been written since: then the server is back.
      metadata: { resourceVersion: metadata.resourceVersion },
      endpoints: endpoints.map((endpoint) => ({ ...endpoint, conditions })),
    };
    const { namespace } = DNS_SERVICE;
    await client.patch(endpointSliceKind, { namespace, name }, "merge", patch, { signal });
  }

  async function turn(signal: AbortSignal): Promise<number> {
    try {
      return await look(signal);
    } catch (error) {
      if (!signal.aborted && !isNotFound(error)) {
        log.warn("Cannot take this machine's DNS server out of its Service: trying again", { error });
      }
      return PAUSE_MS;
    }
  }

  const loop = startLoop({ turn, ready: slices.synced, clock });
  slices.onChange(() => {
    changed.abort();
    loop.wake();
  });
  return running(async () => {
    await Promise.all([loop.stop(), slices.stop()]);
  });
}

function readyEndpoint({ endpoints, ports }: EndpointSlice): Listening | undefined {
  const address = endpoints.find(({ conditions }) => conditions.ready === true)?.addresses[0];
  const port = ports.find(({ protocol }) => protocol === "TCP")?.port;
  return address === undefined || port === undefined ? undefined : { address, port };
}

/** Connects, and waits until the server ends the connection: `closed`; `refused` for a port without a listener. */
function untilClosed({ address, port }: Listening, signal: AbortSignal): Promise<"closed" | "refused" | "failed"> {
  return new Promise((resolve) => {
    let isConnected = false;
    const socket = connect({ host: address, port });
    const stopListening = onAbort(signal, () => socket.destroy());
    socket.once("connect", () => {
      isConnected = true;
    });
    socket.resume();
    socket.once("error", (error: NodeJS.ErrnoException) => {
      // A killed process resets its connections.
      if (isConnected || signal.aborted) resolve("closed");
      else resolve(error.code === "ECONNREFUSED" ? "refused" : "failed");
    });
    socket.once("close", () => {
      stopListening();
      resolve("closed");
    });
  });
}
