import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podReference } from "../../events/references.ts";
import type { Sandbox } from "../../runtime/pod-runtime.ts";
import { allContainers } from "../../sync/pod-state.ts";
import { withFailedSandbox, withSandbox } from "../../sync/record/pod-record.ts";
import { hostPortConflicts } from "../admission/host-port-conflicts.ts";
import type { KubeletContext } from "../kubelet-context.ts";
import type { PodWork } from "../pod-work.ts";
import type { StepResults } from "./carry-out.ts";
import { sandboxConfig } from "./sandbox-config.ts";

/** Makes the pod's sandbox. Returns undefined after a failure, which is an event and a pause in the record. */
export async function makeSandbox(
  { attempt, asOf }: { readonly attempt: number; readonly asOf: number },
  results: StepResults,
  work: PodWork,
  context: KubeletContext,
): Promise<Sandbox | undefined> {
  const { pod } = work;
  const { signal } = work.ending;
  try {
    results.config = sandboxConfig(pod, attempt, context);
    const config = await results.config;
    const id = await context.starts.use("sandbox", signal, () => context.runtime.runSandbox(config));
    work.record = withSandbox(work.record);
    warnOfHostPorts(pod, context);
    return await context.runtime.sandboxStatus(id);
  } catch (error) {
    // It was waiting for its turn when the pod was to end.
    if (signal.aborted && error === signal.reason) throw error;
    work.record = withFailedSandbox(work.record, { nowMs: context.clock.monotonicMs(), asOf });
    const text = error instanceof Error ? error.message : String(error);
    context.events.record(podReference(pod), {
      type: "Warning",
      reason: "FailedCreatePodSandBox",
      message: `Failed to create pod sandbox: ${text}`,
    });
    context.log.warn("Cannot create a pod's sandbox", { pod: pod.metadata.name, error });
    return undefined;
  }
}

function warnOfHostPorts(pod: Pod, { events, listeningSockets }: KubeletContext): void {
  if (!allContainers(pod).some(({ container }) => container.ports?.some(({ hostPort = 0 }) => hostPort !== 0))) return;
  for (const message of hostPortConflicts(pod, listeningSockets())) {
    events.record(podReference(pod), { type: "Warning", reason: "HostPortConflict", message });
  }
}
