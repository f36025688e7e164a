import { podReference } from "../../events/references.ts";
import { withResize } from "../../sync/record/pod-record.ts";
import { retryMs } from "../../sync/record/retry.ts";
import { withAllocated } from "../../sync/resize/container-resources.ts";
import type { ContainerUpdate } from "../../sync/resize/plan-resize.ts";
import { withFailure, withGiven, withSuccess } from "../../sync/resize/pod-resize.ts";
import { resizeMessage } from "../../sync/resize/resize-message.ts";
import type { KubeletContext } from "../kubelet-context.ts";
import type { PodWork } from "../pod-work.ts";

/** Gives running containers other resources, and folds the outcome into the record. A failure is tried again after a pause. */
export async function resizeContainers(
  updates: readonly ContainerUpdate[],
  work: PodWork,
  context: KubeletContext,
): Promise<void> {
  try {
    await assertMemoryFits(updates, context);
    for (const { containerId, resources } of updates) {
      await context.runtime.updateContainer(containerId, resources);
      work.record = withResize(work.record, withGiven(work.record.resize, containerId, resources));
    }
    work.record = withResize(work.record, withSuccess(work.record.resize));
  } catch (error) {
    noteFailure(error instanceof Error ? error.message : String(error), work, context);
  }
}

function noteFailure(error: string, work: PodWork, { clock, events }: KubeletContext): void {
  const { resize } = work.record;
  const { generation, error: before } = resize.inProgress ?? {};
  const count = (resize.retry?.count ?? 0) + 1;
  const retry = { count, atMs: clock.monotonicMs() + retryMs(count) };
  work.record = withResize(work.record, withFailure(resize, error, retry));
  if (error === before) return;
  const pod = withAllocated(work.pod, resize.allocated);
  const message = resizeMessage("Pod resize error", pod, generation, error);
  events.record(podReference(work.pod), { type: "Warning", reason: "ResizeError", message });
}

/**
 * Refuses limits below what containers use: with some kernels they would be ended for it.
 *
 * @throws {Error} with one line that names all of them.
 */
async function assertMemoryFits(updates: readonly ContainerUpdate[], { runtime }: KubeletContext): Promise<void> {
  const problems: string[] = [];
  for (const { containerId, name, lowersMemoryTo } of updates) {
    if (lowersMemoryTo === undefined) continue;
    const used = await runtime.memoryUsage(containerId);
    if (used === undefined) problems.push(`missing container "${name}" memory usage`);
    else if (used >= lowersMemoryTo) {
      problems.push(
        `attempting to set container "${name}" memory limit (${lowersMemoryTo}) below current usage (${used})`,
      );
    }
  }
  const [first, ...others] = problems;
  if (first === undefined) return;
  const text = others.length === 0 ? first : `[${problems.join(", ")}]`;
  throw new Error(`cannot decrease memory limits: ${text}`);
}
