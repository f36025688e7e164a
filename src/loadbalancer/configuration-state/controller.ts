import { apiTime } from "@fairlead/api/api-time";
import { deepEqual } from "@fairlead/api/deep-equal";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Client } from "@fairlead/client/client";
import { keysFrom, type RunningController, startController } from "@fairlead/client/controller/run-controller";
import { ifMissing } from "@fairlead/client/if-missing";
import { ifThere } from "@fairlead/client/if-there";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { type ConfigurationState, configurationStates } from "../kinds/configuration-state.ts";
import { METALLB_NAMESPACE } from "../kinds/group.ts";
import type { FollowedPools } from "../pools/follow-pools.ts";
import { planConfigurationState } from "./plan.ts";

/** MetalLB calls the program so that gives addresses. */
const NAME = "controller";
const KEY = `${METALLB_NAMESPACE}/${NAME}`;
const LABELS = { "metallb.io/component-type": "controller" };

export interface ConfigurationStateOptions {
  readonly client: Client;
  readonly states: Cache<ConfigurationState>;
  readonly pools: FollowedPools;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Writes whether the pools are in force, into the object `controller`, which comes back when it is deleted. */
export function startConfigurationStateController(options: ConfigurationStateOptions): RunningController {
  const { client, states, pools, clock } = options;

  async function reconcile(_key: string, signal: AbortSignal): Promise<undefined> {
    const found = states.get(KEY);
    const now = apiTime(clock.now());
    const status = planConfigurationState(pools.current().problems, { before: found?.status, now });
    if (found !== undefined && deepEqual(found.status, status)) return;
    const named = { namespace: METALLB_NAMESPACE, name: NAME };
    if (found === undefined) {
      await ifMissing(client.create(configurationStates, { metadata: { ...named, labels: LABELS } }, { signal }));
    }
    await ifThere(client.patch(configurationStates, named, "merge", { status }, { subresource: "status", signal }));
  }

  return startController({
    name: "loadbalancer-configuration-state",
    sources: [...pools.changes(() => [KEY]), keysFrom(states, ({ key }) => (key === KEY ? [KEY] : []))],
    reconcile,
    log: options.log,
    clock,
    metrics: options.metrics,
  });
}
