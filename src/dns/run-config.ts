import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import type { ObjectReference } from "@fairlead/api/core/v1/references";
import type { Client } from "@fairlead/client/client";
import { createEventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { type Running, running } from "@fairlead/lib/running";
import { CONFIG_KEY, CONFIG_NAMESPACE, type CorefileSource } from "./config/corefile-source.ts";
import { defaultCorefile } from "./config/default-corefile.ts";
import type { DnsConfig } from "./config/dns-config.ts";
import { type CorefilePlan, planCorefile } from "./corefile/plan-corefile.ts";
import type { CorefileContext } from "./corefile/plugins/plugin.ts";
import type { Environment } from "./corefile/words.ts";
import { followCorefile } from "./follow-corefile.ts";
import { createResolvers } from "./forward/resolvers.ts";
import { DNS_SERVICE } from "./own-endpoint.ts";
import { createSettings, type Settings } from "./settings.ts";

/** Longest wait for the cluster's configuration at the start, in milliseconds; then the default is in force until it comes. */
const FIRST_WAIT_MS = 2_000;
/** Longest message of an event (core/v1 Event). */
const EVENT_MESSAGE_MAX = 1_024;

export interface RunConfigOptions {
  /** Lists and watches the ConfigMaps, and creates events about them. */
  readonly client: Client;
  readonly nodeName: string;
  /** Where this server listens, for the labels of metrics. */
  readonly listen: { readonly address: string; readonly port: number };
  readonly context: CorefileContext & { readonly environment: Environment };
  /** On the cluster's records, by default. */
  readonly ttlSeconds: number;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The configuration in force, which follows the cluster's. */
export interface RunningConfig extends Running {
  readonly settings: Settings;
}

/**
 * Puts the cluster's configuration in force, and each change of it; without one, the default. A wrong one is reported in the
 * log and as an event, and leaves the last good one in force.
 *
 * Resolves when the configuration that was there at the start is in force, or after 2 s.
 */
export async function runConfig(options: RunConfigOptions): Promise<RunningConfig> {
  const { client, nodeName, context, clock, log } = options;
  const recorder = createEventRecorder({ client, component: "fairlead-dns", host: nodeName, clock, log });
  const defaultText = defaultCorefile(context.clusterDomain, options.ttlSeconds);
  /** The object that the configuration in force comes from; events about its upstreams go there. */
  let origin = SERVICE;
  let isDefault = true;

  const settings = createSettings(
    configOf(planCorefile(defaultText, context)),
    (config) =>
      createResolvers(config, {
        ...options,
        onLoop(zone, upstream) {
          const message = `Upstream ${upstream} of zone "${zone}" leads back to the cluster's DNS: it is asked no more`;
          recorder.record(origin, { type: "Warning", reason: "ForwardingLoop", message });
        },
      }),
    clock,
  );

  function apply(source: CorefileSource, object: ConfigMap | undefined): void {
    if (source.from === "default" && isDefault) return;
    const reference = object === undefined ? SERVICE : referenceTo(object);
    const plan = planOf(source, defaultText, context);
    const from = source.from === "default" ? "default" : `${CONFIG_NAMESPACE}/${source.from}`;
    if ("problems" in plan) {
      const problems = plan.problems.map((problem) => `${CONFIG_KEY}:${problem}`).join("; ");
      log.warn("Cannot use a Corefile: the configuration before it stays in force", { configMap: from, problems });
      const message = `The configuration before it stays in force: ${problems}`.slice(0, EVENT_MESSAGE_MAX);
      recorder.record(reference, { type: "Warning", reason: "InvalidCorefile", message });
      return;
    }
    isDefault = source.from === "default";
    origin = reference;
    settings.apply(plan.config);
    log.info("Configuration in force", { from });
  }

  const followed = followCorefile({ client, onChange: apply, clock, log });
  await withinMs(followed.synced, FIRST_WAIT_MS, clock);
  return {
    settings,
    ...running(async () => {
      await followed.stop();
      settings.close();
      await recorder.stop();
    }),
  };
}

const SERVICE: ObjectReference = { apiVersion: "v1", kind: "Service", ...DNS_SERVICE };

function referenceTo({ metadata: { name, uid } }: ConfigMap): ObjectReference {
  return { apiVersion: "v1", kind: "ConfigMap", namespace: CONFIG_NAMESPACE, name, uid };
}

function planOf(source: CorefileSource, defaultText: string, context: RunConfigOptions["context"]): CorefilePlan {
  if (source.from === "default") return planCorefile(defaultText, context);
  if (source.text === undefined) return { problems: [`1: the ConfigMap has no key "${CONFIG_KEY}"`] };
  return planCorefile(source.text, context);
}

/** The default is ours: that it is wrong would be our bug. */
function configOf(plan: CorefilePlan): DnsConfig {
  if ("config" in plan) return plan.config;
  throw new Error(`The default Corefile is wrong: ${plan.problems.join("; ")}`);
}

/** Waits for `work`, but no longer than `ms`. Its failure is no failure here. */
async function withinMs(work: Promise<unknown>, ms: number, clock: Clock): Promise<void> {
  const over = new AbortController();
  const late = clock.sleep(ms, over.signal).catch(() => {});
  await Promise.race([work.catch(() => {}), late]);
  over.abort();
}
