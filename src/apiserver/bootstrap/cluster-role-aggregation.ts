import { deepEqual } from "@fairlead/api/deep-equal";
import { type ClusterRole, clusterRoleKind } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import { isConflict, isNotFound } from "@fairlead/api/status-error";
import type { Cache } from "@fairlead/client/cache/cache";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import { aggregatedRules } from "../authz/aggregated-rules.ts";

/** What the aggregation is started with. `client` may write ClusterRoles and escalate. */
export interface ClusterRoleAggregationOptions {
  readonly client: Client;
  readonly clusterRoles: Cache<ClusterRole>;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Changes of several roles in one go (a chart, the bootstrap) are one piece of work. */
const SETTLE_MS = 50;

/**
 * Writes into every aggregated ClusterRole the rules that its selectors give it, for people to read.
 *
 * Decisions do not wait for it: the authorizer aggregates by itself.
 */
export function startClusterRoleAggregation(options: ClusterRoleAggregationOptions): Running {
  const { clusterRoles, clock, log } = options;
  const ending = new AbortController();
  let isDue = false;
  let work = Promise.resolve();

  async function settle(): Promise<void> {
    await clock.sleep(SETTLE_MS, ending.signal).catch(() => {});
    isDue = false;
    if (ending.signal.aborted) return;
    await writeAggregated(options).catch((error: unknown) => {
      // The next change of any role tries again.
      log.warn("Cannot write the rules of an aggregated role", { error });
    });
  }

  const unsubscribe = clusterRoles.onChange(() => {
    if (isDue) return;
    isDue = true;
    work = work.then(settle);
  });
  return running(async () => {
    unsubscribe();
    ending.abort();
    await work;
  });
}

async function writeAggregated({ client, clusterRoles }: ClusterRoleAggregationOptions): Promise<void> {
  for (const role of outdated(clusterRoles.list())) {
    try {
      await client.update(clusterRoleKind, role);
    } catch (error) {
      // The change or deletion causes an event, which brings the controller here again.
      if (!isConflict(error) && !isNotFound(error)) throw error;
    }
  }
}

/** The aggregated roles whose stored rules are not what their selectors give, with the rules put right. */
export function outdated(all: readonly ClusterRole[]): readonly ClusterRole[] {
  return all.flatMap((role) => {
    if (role.aggregationRule === undefined) return [];
    const rules = aggregatedRules(role, all);
    return deepEqual(rules, role.rules ?? []) ? [] : [{ ...role, rules }];
  });
}
