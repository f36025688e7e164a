import { createHash } from "node:crypto";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Client } from "@fairlead/client/client";
import { type RunningController, startController } from "@fairlead/client/controller/run-controller";
import { ifMissing } from "@fairlead/client/if-missing";
import { ifThere } from "@fairlead/client/if-there";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { METALLB_NAMESPACE } from "../kinds/group.ts";
import { type ServiceL2Status, serviceL2Statuses } from "../kinds/service-l2-status.ts";

/** MetalLB's labels of such an object. */
const LABEL = {
  node: "metallb.io/node",
  service: "metallb.io/service-name",
  namespace: "metallb.io/service-namespace",
} as const;

export interface L2StatusesOptions {
  readonly client: Client;
  readonly nodeName: string;
  /** Whether this node answers for a Service now, by its `namespace/name`. */
  readonly isAnswering: (service: string) => boolean;
  /** What this node has written, as the API server has it. */
  readonly written: () => readonly ServiceL2Status[];
  readonly log: Logger;
  readonly clock: Clock;
}

/** Returns the label selector of what a node has written. */
export function writtenBy(nodeName: string): string {
  return `${LABEL.node}=${nodeName}`;
}

/** Returns the labels of a status that a node writes of a Service, by its `namespace/name`. */
export function statusLabels(nodeName: string, key: string): Readonly<Record<string, string>> {
  const [namespace = "", service = ""] = key.split("/");
  return { [LABEL.node]: nodeName, [LABEL.service]: service, [LABEL.namespace]: namespace };
}

/** Returns the `namespace/name` of the Service that a status is of. */
export function serviceOf({ metadata: { labels = {} } }: Pick<KubeObject, "metadata">): string {
  return `${labels[LABEL.namespace]}/${labels[LABEL.service]}`;
}

/** Writes for which Services this node answers. Keys are Services: to be queued when that changes, or what was written. */
export function startL2Statuses({
  client,
  nodeName,
  isAnswering,
  written,
  log,
  clock,
}: L2StatusesOptions): RunningController {
  async function reconcile(key: string, signal: AbortSignal): Promise<undefined> {
    const [namespace = "", service = ""] = key.split("/");
    const labels = statusLabels(nodeName, key);
    const own = { namespace: METALLB_NAMESPACE, name: nameOf(nodeName, key) };
    const found = written().find((status) => serviceOf(status) === key);
    if (!isAnswering(key)) {
      if (found !== undefined) await ifThere(client.delete(serviceL2Statuses, own, { signal }));
      return;
    }
    if (found?.status?.node === nodeName) return;
    await ifMissing(client.create(serviceL2Statuses, { metadata: { ...own, labels } }, { signal }));
    const status = { node: nodeName, serviceName: service, serviceNamespace: namespace };
    await client.patch(serviceL2Statuses, own, "merge", { status }, { subresource: "status", signal });
    // A machine that is gone has left what it wrote.
    const labelSelector = `${LABEL.service}=${service},${LABEL.namespace}=${namespace},${LABEL.node}!=${nodeName}`;
    const { items } = await client.list(serviceL2Statuses, { namespace: METALLB_NAMESPACE, labelSelector, signal });
    for (const { metadata } of items) {
      await ifThere(
        client.delete(serviceL2Statuses, { namespace: METALLB_NAMESPACE, name: metadata.name }, { signal }),
      );
    }
  }

  return startController({ name: "loadbalancer-l2-statuses", sources: [], reconcile, log, clock });
}

/** The same each time: one node has one for a Service. */
function nameOf(node: string, service: string): string {
  return `l2-${createHash("sha256").update(`${node} ${service}`).digest("hex").slice(0, 10)}`;
}
