import { apiMicroTime } from "../../api/api-time.ts";
import type { Lease } from "../../api/coordination/v1/lease.ts";
import { leaseKind } from "../../api/coordination/v1/lease.ts";
import { StatusError } from "../../api/status-error.ts";
import type { Client } from "../../client/client.ts";
import type { Clock } from "../../lib/clock.ts";
import type { Logger } from "../../lib/log.ts";
import type { Running } from "../../lib/running.ts";
import { running } from "../../lib/running.ts";

const NAMESPACE = "kube-node-lease";
const DURATION_SECONDS = 40;
const RENEW_INTERVAL_MS = (DURATION_SECONDS * 1000) / 4;
const RETRY_MS = 200;

/** Renews the node's lease every ten seconds: while it is fresh, the node counts as alive. */
export function startNodeLease({
  client,
  nodeName,
  nodeUid,
  clock,
  log,
}: {
  readonly client: Client;
  readonly nodeName: string;
  /** The Node owns the lease: it goes with it. */
  readonly nodeUid: string;
  readonly clock: Clock;
  readonly log: Logger;
}): Running {
  const stopped = new AbortController();
  const key = { namespace: NAMESPACE, name: nodeName };
  let lease: Lease | undefined;

  async function renew(): Promise<void> {
    const renewTime = apiMicroTime(clock.now());
    lease ??= await client.get(leaseKind, key).catch((error: unknown) => {
      if (error instanceof StatusError && error.reason === "NotFound") return undefined;
      throw error;
    });
    const spec = { holderIdentity: nodeName, leaseDurationSeconds: DURATION_SECONDS, renewTime };
    if (lease !== undefined) {
      lease = await client.update(leaseKind, { ...lease, spec: { ...lease.spec, ...spec } });
      return;
    }
    const ownerReferences = [{ apiVersion: "v1", kind: "Node", name: nodeName, uid: nodeUid }];
    lease = await client.create(leaseKind, { metadata: { ...key, ownerReferences }, spec });
  }

  async function loop(): Promise<void> {
    while (!stopped.signal.aborted) {
      let pauseMs = RENEW_INTERVAL_MS;
      try {
        await renew();
      } catch (error) {
        lease = undefined;
        pauseMs = RETRY_MS;
        // Just after the start the namespace may not be there yet.
        if (!(error instanceof StatusError && error.reason === "NotFound"))
          log.warn("The node's lease could not be renewed", { error });
      }
      await clock.sleep(pauseMs, stopped.signal).catch(() => {});
    }
  }

  const work = loop();
  return running(async () => {
    stopped.abort();
    await work;
  });
}
