import { readdir, rm } from "node:fs/promises";
import { terminationGraceSeconds } from "../../api/core/v1/pod/termination-grace.ts";
import { settleAll } from "../../lib/settle-all.ts";
import { podReference } from "../events/references.ts";
import type { PodObjects } from "../objects/pod-objects.ts";
import { fetchPodObjects } from "../objects/pod-objects.ts";
import type { Sandbox } from "../runtime/pod-runtime.ts";
import { nextInstance } from "../sync/next-instance.ts";
import type { PodPlan } from "../sync/plan-pod.ts";
import { planPod } from "../sync/plan-pod.ts";
import { containerNamed } from "../sync/pod-state.ts";
import type { MountedVolumes } from "../volumes/mounted-volume.ts";
import { podLogFolder } from "../volumes/pod-paths.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import type { PodRecord } from "./pod-record.ts";
import { report } from "./pod-record.ts";
import { makeVolumes, refreshVolumes, retryVolumesMs } from "./pod-volumes.ts";
import { RETRY_MAX_MS, retryMs } from "./retry.ts";
import { sandboxConfig } from "./sandbox-config.ts";
import { type StartOutcome, startContainer } from "./start-container.ts";
import { stopContainer, stopContainers } from "./stop-containers.ts";

/** When to look again: at once after something was done; otherwise after so many milliseconds, or when woken. */
export type LookAgainMs = number;

const AT_ONCE: LookAgainMs = 0;
const WHEN_WOKEN: LookAgainMs = Number.POSITIVE_INFINITY;
/** Instances kept of each container: the one that runs and the one before, whose log may be asked for. */
const INSTANCES_KEPT = 2;

/** Does what a pod that should run needs next. */
export async function runPod(record: PodRecord, context: KubeletContext): Promise<LookAgainMs> {
  const { pod, state, probes } = record;
  const now = context.clock.now();
  const nowMs = context.clock.monotonicMs();
  const plan = planPod({ pod, state, probes, now });
  for (const { name, message } of plan.waiting) {
    if (record.reasons.get(name)?.reason === "CrashLoopBackOff") continue;
    record.reasons.set(name, { reason: "CrashLoopBackOff", message });
    const { name: podName, namespace, uid } = pod.metadata;
    const text = `Back-off restarting failed container ${name} in pod ${podName}_${namespace}(${uid})`;
    context.events.record(podReference(pod, name), { type: "Warning", reason: "BackOff", message: text });
    report(record, context, { ended: false });
  }
  if (plan.killPod || plan.kill.length > 0) {
    if (await carryOutKills(plan, record, context)) return AT_ONCE;
  }
  const start = plan.start.filter((name) => (record.retryAt.get(name) ?? 0) <= nowMs);
  const waits = [
    ...plan.waiting.map((w) => w.remainingMs),
    ...plan.start.map((name) => (record.retryAt.get(name) ?? 0) - nowMs),
  ];
  const nextMs = Math.min(WHEN_WOKEN, ...waits.filter((ms) => ms > 0));
  if (start.length > 0 || plan.createSandbox)
    return Math.min(nextMs, await bringUp({ ...plan, start }, record, context));

  const removed = await removeOldInstances(record, context);
  const refreshMs = await refreshVolumes(record, context);
  return removed ? AT_ONCE : Math.min(nextMs, refreshMs);
}

/** Answers whether anything was there to be ended. */
async function carryOutKills(plan: PodPlan, record: PodRecord, context: KubeletContext): Promise<boolean> {
  const { pod, state, ending } = record;
  const { signal } = ending;
  const graceSeconds = terminationGraceSeconds(pod.spec);
  if (!plan.killPod) {
    await settleAll(
      plan.kill.flatMap(({ containerId, message, graceSeconds: own = graceSeconds }) => {
        const container = state.containers.find((c) => c.id === containerId);
        return container === undefined
          ? []
          : stopContainer({ pod, container, graceSeconds: own, message, signal }, context);
      }),
    );
    return true;
  }
  const living = state.containers.some((c) => c.state === "running" || c.state === "unknown");
  const ready = state.sandboxes.filter((s) => s.ready);
  if (!living && ready.length === 0) return false;
  await stopContainers({ pod, state, graceSeconds, signal }, context);
  for (const { id } of state.sandboxes) await context.runtime.stopSandbox(id);
  return true;
}

/** Sandbox and what it needs side by side, then the containers. */
async function bringUp(plan: PodPlan, record: PodRecord, context: KubeletContext): Promise<LookAgainMs> {
  const { pod } = record;
  const network = context.runtimeStatus();
  if (plan.createSandbox && !network.networkReady && pod.spec.hostNetwork !== true) {
    const text = `network is not ready: ${network.message}`;
    context.events.record(podReference(pod), { type: "Warning", reason: "NetworkNotReady", message: text });
    return RETRY_MAX_MS;
  }
  const sandbox = await sandboxConfig(pod, plan.sandboxAttempt, context);
  const asOf = record.volumeChanges;
  const [made, objects] = await settleAll([
    plan.createSandbox ? makeSandbox(plan.sandboxAttempt, record, context) : record.state.sandboxes[0],
    fetchPodObjects(pod, record.holder, { watchers: context.watchers, signal: record.ending.signal }),
  ] as const);
  if (made === undefined) return retryMs(record.sandboxFailures);
  const podIPs = plan.createSandbox ? made.ips : record.state.ips;
  const volumes = await makeVolumes(record, { objects, asOf, podIPs }, context);
  if (volumes === undefined) return plan.createSandbox ? AT_ONCE : retryVolumesMs(record);

  const started = await startAll({
    plan,
    record,
    context,
    start: { sandbox, sandboxId: made.id, podIPs, objects, volumes },
  });
  if (started.some || plan.createSandbox) return AT_ONCE;
  report(record, context, { ended: false });
  return started.retryInMs;
}

async function makeSandbox(attempt: number, record: PodRecord, context: KubeletContext): Promise<Sandbox | undefined> {
  const { pod, state } = record;
  if (attempt > 0) {
    const message = "Pod sandbox changed, it will be killed and re-created.";
    context.events.record(podReference(pod), { type: "Normal", reason: "SandboxChanged", message });
  }
  const { signal } = record.ending;
  try {
    // One that died with its machine keeps its address until it is stopped in the runtime.
    for (const { id } of state.sandboxes) await context.runtime.stopSandbox(id);
    const config = await sandboxConfig(pod, attempt, context);
    const id = await context.starts.use("sandbox", signal, () => context.runtime.runSandbox(config));
    record.sandboxFailures = 0;
    return await context.runtime.sandboxStatus(id);
  } catch (error) {
    // It was waiting for its turn when the pod was to end.
    if (signal.aborted && error === signal.reason) throw error;
    record.sandboxFailures += 1;
    const text = error instanceof Error ? error.message : String(error);
    context.events.record(podReference(pod), {
      type: "Warning",
      reason: "FailedCreatePodSandBox",
      message: `Failed to create pod sandbox: ${text}`,
    });
    context.log.warn("A pod's sandbox could not be made", { pod: pod.metadata.name, error });
    return undefined;
  }
}

interface StartAll {
  readonly plan: PodPlan;
  readonly record: PodRecord;
  readonly context: KubeletContext;
  readonly start: {
    readonly sandbox: Awaited<ReturnType<typeof sandboxConfig>>;
    readonly sandboxId: string;
    readonly podIPs: readonly string[];
    readonly objects: PodObjects;
    readonly volumes: MountedVolumes;
  };
}

/**
 * Starts containers side by side, but for this: what comes after a container with a postStart hook waits until the hook has
 * ended. Throws only when no start is under way any more: the next look at the pod may end it.
 */
async function startAll(all: StartAll) {
  const { plan, record } = all;
  let some = false;
  let retryInMs = WHEN_WOKEN;
  for (const names of startGroups(plan.start, record)) {
    const outcomes = await settleAll(names.map((name) => startOne(name, all)));
    some ||= outcomes.some((o) => o.outcome === "started");
    retryInMs = Math.min(retryInMs, ...outcomes.map((o) => (o.outcome === "waits" ? o.retryInMs : WHEN_WOKEN)));
  }
  return { some, retryInMs };
}

function startGroups(names: readonly string[], { pod }: PodRecord): readonly (readonly string[])[] {
  const groups: string[][] = [[]];
  for (const name of names) {
    groups.at(-1)?.push(name);
    if (containerNamed(pod, name)?.lifecycle?.postStart !== undefined) groups.push([]);
  }
  return groups;
}

async function startOne(name: string, { record, context, start }: StartAll): Promise<StartOutcome> {
  const { pod, state, paths, images, ending } = record;
  const container = containerNamed(pod, name);
  if (container === undefined || ending.signal.aborted) return { outcome: "skipped" };

  const next = nextInstance(pod, container, state, context.clock.now());
  const { signal } = ending;
  const outcome = await startContainer({ ...start, ...next, pod, container, paths, images, signal }, context);
  if (outcome.outcome === "waits") {
    record.reasons.set(name, outcome.why);
    record.retryAt.set(name, context.clock.monotonicMs() + outcome.retryInMs);
  }
  if (outcome.outcome !== "started") return outcome;

  record.reasons.delete(name);
  record.retryAt.delete(name);
  return outcome;
}

/** Takes away instances that are no longer the newest ones, with their logs, and the sandboxes they were in. */
async function removeOldInstances({ pod, state }: PodRecord, context: KubeletContext): Promise<boolean> {
  const old = state.containers.filter((container) => {
    const newer = state.containers.filter((c) => c.name === container.name).indexOf(container);
    return newer >= INSTANCES_KEPT && container.state !== "running";
  });
  for (const { id, name, attempt } of old) {
    await context.runtime.removeContainer(id);
    const folder = `${podLogFolder(context.podLogsDir, pod.metadata)}/${name}`;
    const logs = context.simulated ? [] : await readdir(folder).catch(() => []);
    // With those that were moved aside: `3.log.20260102-030405`.
    for (const file of logs) if (file.startsWith(`${attempt}.log`)) await rm(`${folder}/${file}`, { force: true });
  }
  const unused = state.sandboxes
    .slice(1)
    .filter((s) => !s.ready && !state.containers.some((c) => c.sandboxId === s.id));
  for (const { id } of unused) await context.runtime.removeSandbox(id);
  return old.length > 0;
}
