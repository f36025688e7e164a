import { planPod } from "../sync/plan-pod.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import type { PodWork } from "./pod-work.ts";
import { report } from "./pod-work.ts";
import { carryOut } from "./steps/carry-out.ts";
import { timeOf } from "./time-of.ts";

/**
 * Reads the pod's state from the runtime, plans, and carries the plan out. Returns the time until the next look in
 * milliseconds, or `done` when nothing of the pod is left.
 */
export async function lookAtPod(work: PodWork, context: KubeletContext): Promise<number | "done"> {
  const { reader, probes, ending } = work;
  const { clock, tokens, nodeIPs, runtimeName, simulated, room } = context;
  const state = await reader.read(work.pod);
  const { pod, record } = work;
  work.state = state;
  probes.sync(pod, state);
  const plan = planPod({
    pod,
    state,
    record,
    probes,
    node: { nodeIPs, runtimeName, simulated, runtimeStatus: context.runtimeStatus(), room: () => room.besides(work) },
    tokenRenewInMs: tokens.renewInMs(pod.metadata.uid),
    now: timeOf(clock),
  });
  work.record = plan.record;
  if (plan.course !== "running") ending.abort();
  if (plan.status !== undefined) report(work, plan.status);
  room.note(work);
  await carryOut(plan.groups, work, context);
  // The API may have removed the pod meanwhile: then the state that was read is the last one.
  const isGone = plan.course === "clearing" && work.record.removed;
  return isGone ? "done" : Math.max(0, plan.wakeAtMs - clock.monotonicMs());
}
