import { settleAll } from "@fairlead/lib/settle-all";
import { podReference } from "../../events/references.ts";
import type { PodObjects } from "../../objects/pod-objects.ts";
import { fetchPodObjects } from "../../objects/pod-objects.ts";
import type { Sandbox, SandboxConfig } from "../../runtime/pod-runtime.ts";
import type { ClearStep, PodStep, RunStep, StepGroups, StopStep } from "../../sync/pod-steps.ts";
import { withStoppedSandbox } from "../../sync/record/pod-record.ts";
import type { KubeletContext } from "../kubelet-context.ts";
import type { PodWork } from "../pod-work.ts";
import { clearAway } from "./clear-away.ts";
import { makeSandbox } from "./make-sandbox.ts";
import { makeVolumes } from "./make-volumes.ts";
import { resizeContainers } from "./resize-containers.ts";
import { startInPod } from "./start-in-pod.ts";
import { stopContainer } from "./stop-container.ts";
import { beginStop, shortenStop } from "./stop-pod.ts";

/** Results of earlier steps of a plan that later ones need. */
export interface StepResults {
  /** The pod's newest sandbox, and its addresses. */
  sandbox: Pick<Sandbox, "id" | "attempt" | "ips"> | undefined;
  objects: PodObjects | undefined;
  /** How that sandbox is configured. Undefined until a step needs it. */
  config: Promise<SandboxConfig> | undefined;
}

/**
 * Carries out the steps of a plan and folds their outcomes into the pod's record. Throws only when no step is under way any
 * more.
 */
export async function carryOut(groups: StepGroups, work: PodWork, context: KubeletContext): Promise<void> {
  const [newest] = work.state.sandboxes;
  const results: StepResults = {
    sandbox: newest && { id: newest.id, attempt: newest.attempt, ips: work.state.ips },
    objects: undefined,
    config: undefined,
  };
  for (const group of groups) {
    const goOn = await settleAll(group.map((step) => carryOutStep(step, results, work, context)));
    if (goOn.includes(false)) return;
  }
}

/** Carries out one step. Returns whether the next group can be carried out. */
async function carryOutStep(
  step: PodStep,
  results: StepResults,
  work: PodWork,
  context: KubeletContext,
): Promise<boolean> {
  switch (step.do) {
    case "record-event": {
      const { type, reason, message, container } = step;
      context.events.record(podReference(work.pod, container), { type, reason, message });
      return true;
    }
    case "make-sandbox":
    case "read-objects":
    case "make-volumes":
    case "resize-containers":
    case "start-container":
      return await bringUp(step, results, work, context);
    case "stop-container":
    case "begin-stop":
    case "shorten-stop":
    case "stop-sandbox":
      await stop(step, work, context);
      return true;
    default:
      await clearAway(step satisfies ClearStep, work, context);
      return true;
  }
}

async function bringUp(step: RunStep, results: StepResults, work: PodWork, context: KubeletContext): Promise<boolean> {
  const { pod, holder, ending } = work;
  switch (step.do) {
    case "make-sandbox":
      results.sandbox = await makeSandbox(step, results, work, context);
      return results.sandbox !== undefined;
    case "read-objects":
      results.objects = await fetchPodObjects(pod, holder, { watchers: context.watchers, signal: ending.signal });
      return true;
    case "make-volumes":
      return await makeVolumes(step, results, work, context);
    case "resize-containers":
      await resizeContainers(step.updates, work, context);
      return true;
    case "start-container":
      await startInPod(step, results, work, context);
      return true;
  }
}

async function stop(step: StopStep, work: PodWork, context: KubeletContext): Promise<void> {
  switch (step.do) {
    case "stop-container":
      return await stopContainer(step, { pod: work.pod, signal: work.ending.signal }, context);
    case "begin-stop":
      return beginStop(step, work, context);
    case "shorten-stop":
      return shortenStop(step, work, context);
    case "stop-sandbox":
      await context.runtime.stopSandbox(step.sandboxId);
      work.record = withStoppedSandbox(work.record, step.sandboxId);
  }
}
