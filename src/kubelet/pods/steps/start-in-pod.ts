import { containerNamed } from "../../sync/pod-state.ts";
import type { StartStep } from "../../sync/pod-steps.ts";
import { withFailedStart, withStart } from "../../sync/record/pod-record.ts";
import { withAllocated } from "../../sync/resize/container-resources.ts";
import type { KubeletContext } from "../kubelet-context.ts";
import type { PodWork } from "../pod-work.ts";
import type { StepResults } from "./carry-out.ts";
import { sandboxConfig } from "./sandbox-config.ts";
import { startContainer } from "./start-container.ts";

/** Starts one container with the results of earlier steps, and folds the outcome into the record. Does nothing in a pod that is to end. */
export async function startInPod(
  { name, next, pull, asOf }: StartStep,
  results: StepResults,
  work: PodWork,
  context: KubeletContext,
): Promise<void> {
  const { paths, images, ending, record } = work;
  const pod = withAllocated(work.pod, record.resize.allocated);
  const { sandbox: made, objects } = results;
  const container = containerNamed(pod, name);
  if (container === undefined || made === undefined || objects === undefined || ending.signal.aborted) return;

  results.config ??= sandboxConfig(pod, made.attempt, context);
  const sandbox = await results.config;
  const within = {
    sandbox,
    sandboxId: made.id,
    podIPs: made.ips,
    objects,
    volumes: record.volumes.made?.mounted ?? new Map(),
  };
  const start = { ...next, ...within, pod, container, pull, paths, images, signal: ending.signal };
  const outcome = await startContainer(start, context);
  switch (outcome.outcome) {
    case "started":
      work.record = withStart(work.record, name);
      return;
    case "waits": {
      const { why, retryInMs } = outcome;
      work.record = withFailedStart(work.record, name, { why, retryInMs, nowMs: context.clock.monotonicMs(), asOf });
    }
  }
}
