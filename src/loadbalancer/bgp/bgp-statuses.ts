import { createHash } from "node:crypto";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Client } from "@fairlead/client/client";
import { type RunningController, startController } from "@fairlead/client/controller/run-controller";
import { ifMissing } from "@fairlead/client/if-missing";
import { ifThere } from "@fairlead/client/if-there";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { serviceOf, statusLabels } from "../announcement/l2-statuses.ts";
import { METALLB_NAMESPACE } from "../kinds/group.ts";
import { type ServiceBGPStatus, serviceBGPStatuses } from "../kinds/service-bgp-status.ts";

export interface BgpStatusesOptions {
  readonly client: Client;
  readonly nodeName: string;
  readonly node: () => Node | undefined;
  /** The peers that this node announces a Service to, by its `namespace/name`. */
  readonly peersOf: (service: string) => readonly string[];
  /** What this node has written, as the API server has it. */
  readonly written: () => readonly ServiceBGPStatus[];
  readonly log: Logger;
  readonly clock: Clock;
}

/** Writes to which peers this node announces Services. Keys are Services: to be queued when that changes, or what was written. */
export function startBgpStatuses({
  client,
  nodeName,
  node,
  peersOf,
  written,
  log,
  clock,
}: BgpStatusesOptions): RunningController {
  async function reconcile(key: string, signal: AbortSignal): Promise<undefined> {
    const [serviceNamespace = "", serviceName = ""] = key.split("/");
    const name = `bgp-${createHash("sha256").update(`${nodeName} ${key}`).digest("hex").slice(0, 10)}`;
    const own = { namespace: METALLB_NAMESPACE, name };
    const found = written().find((status) => serviceOf(status) === key);
    const peers = peersOf(key);
    if (peers.length === 0) {
      if (found !== undefined) await ifThere(client.delete(serviceBGPStatuses, own, { signal }));
      return;
    }
    if (found?.status?.peers?.join() === peers.join()) return;
    const labels = statusLabels(nodeName, key);
    const of = node();
    // It goes with the Node.
    const ownerReferences =
      of === undefined ? [] : [{ apiVersion: "v1", kind: "Node", name: nodeName, uid: of.metadata.uid }];
    await ifMissing(client.create(serviceBGPStatuses, { metadata: { ...own, labels, ownerReferences } }, { signal }));
    const status = { node: nodeName, serviceName, serviceNamespace, peers };
    await ifThere(client.patch(serviceBGPStatuses, own, "merge", { status }, { subresource: "status", signal }));
  }

  return startController({ name: "loadbalancer-bgp-statuses", sources: [], reconcile, log, clock });
}
