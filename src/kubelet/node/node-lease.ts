import { apiMicroTime } from "@fairlead/api/api-time";
import type { Lease } from "@fairlead/api/coordination/v1/lease/lease";
import { leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { isNotFound, StatusError } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { createBackOff } from "@fairlead/lib/back-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";

const NAMESPACE = "kube-node-lease";
const DURATION_SECONDS = 40;
const RENEW_INTERVAL_MS = (DURATION_SECONDS * 1000) / 4;
/** Largest random part that is added to the interval, as a fraction of it: as upstream's lease controller. */
const JITTER = 0.04;
/** Pauses after failures, in milliseconds: as upstream's lease controller. */
const RETRY = { initialMs: 200, maxMs: 7_000 };

/**
 * Renews the node's lease every ten seconds: the node counts as alive while its lease is fresh.
 *
 * The Node owns the lease. A new lease gets the Node's uid at that time: the Node may have been deleted and created again
 * since the kubelet started. Without a Node no lease is created.
 */
export function startNodeLease({
  client,
  nodeName,
  onNodeMissing,
  clock,
  random = Math.random,
  log,
}: {
  readonly client: Client;
  readonly nodeName: string;
  /** Called when a lease is to be created and the Node does not exist. */
  onNodeMissing(): void;
  readonly clock: Clock;
  /** In [0, 1). Default: `Math.random`. */
  random?(): number;
  readonly log: Logger;
}): Running {
  const key = { namespace: NAMESPACE, name: nodeName };
  const backOff = createBackOff(RETRY);
  let lease: Lease | undefined;

  async function ownerReferences() {
    const { metadata } = await client.get(nodeKind, { name: nodeName }).catch((error: unknown) => {
      if (isNotFound(error)) onNodeMissing();
      throw error;
    });
    return [{ apiVersion: "v1", kind: "Node", name: nodeName, uid: metadata.uid }];
  }

  async function renew(): Promise<void> {
    const renewTime = apiMicroTime(clock.now());
    lease ??= await client.get(leaseKind, key).catch((error: unknown) => {
      if (error instanceof StatusError && error.reason === "NotFound") return undefined;
      throw error;
    });
    const spec = { holderIdentity: nodeName, leaseDurationSeconds: DURATION_SECONDS, renewTime };
    if (lease === undefined) {
      lease = await client.create(leaseKind, { metadata: { ...key, ownerReferences: await ownerReferences() }, spec });
      return;
    }
    const { metadata } = lease;
    const isOwned = (metadata.ownerReferences ?? []).length > 0;
    const owned = isOwned ? metadata : { ...metadata, ownerReferences: await ownerReferences() };
    lease = await client.update(leaseKind, { ...lease, metadata: owned, spec: { ...lease.spec, ...spec } });
  }

  async function turn(): Promise<number> {
    try {
      await renew();
      backOff.reset();
      return RENEW_INTERVAL_MS * (1 + JITTER * random());
    } catch (error) {
      lease = undefined;
      // Just after the start the namespace may be missing. A deleted Node or lease is created again.
      const isExpected = error instanceof StatusError && ["NotFound", "Conflict"].includes(error.reason);
      log[isExpected ? "debug" : "warn"]("Cannot renew the node's lease: trying again", { error });
      return backOff.next();
    }
  }

  return startLoop({ turn, clock });
}
