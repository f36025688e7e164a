import type { Ask } from "./cache/response-cache.ts";
import { defaultCorefile } from "./config/default-corefile.ts";
import { planCorefile } from "./corefile/plan-corefile.ts";
import type { Settings } from "./settings.ts";

/**
 * The configuration of a Corefile, whose names of elsewhere `ask` answers; undefined: such names are refused.
 *
 * @param corefile - Default: what is in force without one.
 */
export function testSettings(ask: Ask | undefined, corefile = defaultCorefile("cluster.local", 5)): Settings {
  const plan = planCorefile(corefile, {
    clusterDomain: "cluster.local",
    nodeUpstreams: [],
    metricsPort: 9_153,
    environment: {},
  });
  if (!("config" in plan)) throw new Error(plan.problems.join("\n"));
  return {
    config: plan.config,
    resolvers: { of: () => ask, cameBack: () => false, close: () => {} },
    generation: 0,
    logsQueries: plan.config.servers.some(({ logs }) => logs.length > 0),
  };
}
