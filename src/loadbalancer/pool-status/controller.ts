import { deepEqual } from "@fairlead/api/deep-equal";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Client } from "@fairlead/client/client";
import type { RunningController } from "@fairlead/client/controller/run-controller";
import { startController } from "@fairlead/client/controller/run-controller";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import { ifThere } from "@fairlead/client/if-there";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import type { Holdings } from "../addresses/holdings.ts";
import { METALLB_NAMESPACE } from "../kinds/group.ts";
import type { IPAddressPool } from "../kinds/ip-address-pool.ts";
import { ipAddressPools } from "../kinds/ip-address-pool.ts";
import type { FollowedPools } from "../pools/follow-pools.ts";
import { planPoolStatus } from "./plan.ts";

export interface PoolStatusOptions {
  readonly client: Client;
  readonly objects: Cache<IPAddressPool>;
  readonly pools: FollowedPools;
  readonly holdings: Pick<Holdings, "countOf">;
  readonly events: EventRecorder;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Writes how many addresses of a pool are taken, and records why one is not in force. Keys are names of pools. */
export function startPoolStatusController(options: PoolStatusOptions): RunningController {
  const { client, objects, pools, holdings, events } = options;
  /** The last event of each pool, by name. */
  const recorded = new Map<string, string>();

  async function reconcile(name: string, signal: AbortSignal): Promise<undefined> {
    const object = objects.get(`${METALLB_NAMESPACE}/${name}`);
    const { pools: inForce, problems } = pools.current();
    const problem = object && problems.get(name);
    if (object === undefined || problem === undefined) recorded.delete(name);
    else recordProblem(object, problem);
    const pool = inForce.find((one) => one.name === name);
    if (object === undefined || pool === undefined) return;
    const taken = { IPv4: holdings.countOf(name, "IPv4"), IPv6: holdings.countOf(name, "IPv6") };
    const status = planPoolStatus(pool, taken);
    if (deepEqual(object.status, status)) return;
    const key = { namespace: METALLB_NAMESPACE, name };
    await ifThere(client.patch(ipAddressPools, key, "merge", { status }, { subresource: "status", signal }));
  }

  function recordProblem(object: IPAddressPool, problem: string): void {
    const text = `${object.metadata.uid} ${problem}`;
    if (recorded.get(object.metadata.name) === text) return;
    recorded.set(object.metadata.name, text);
    const message = `The pool is not in force: ${problem}`;
    events.record(object, { type: "Warning", reason: "InvalidPool", message });
  }

  const names = () => objects.list().map(({ metadata }) => metadata.name);
  return startController({
    name: "loadbalancer-pools",
    sources: pools.changes(names),
    reconcile,
    log: options.log,
    clock: options.clock,
    metrics: options.metrics,
  });
}
