import { settleAll } from "@fairlead/lib/settle-all";
import type { ContainerStop } from "../../sync/pod-steps.ts";
import { withEndedStop } from "../../sync/record/pod-record.ts";
import type { KubeletContext } from "../kubelet-context.ts";
import type { PodWork } from "../pod-work.ts";
import { stopContainer } from "./stop-container.ts";

/** Begins to stop containers and returns at once. Wakes the pod when all have ended, or when one could not be stopped. */
export function beginStop(
  { groups }: { readonly groups: readonly (readonly ContainerStop[])[] },
  work: PodWork,
  context: KubeletContext,
): void {
  work.impatience = new AbortController();
  const { pod, impatience } = work;
  const options = { pod, signal: impatience.signal };

  async function stopAll(): Promise<void> {
    for (const group of groups) await settleAll(group.map((stop) => stopContainer(stop, options, context)));
  }

  void stopAll()
    .then(
      () => {
        work.record = withEndedStop(work.record);
      },
      (error: unknown) => {
        context.log.warn("Cannot stop a pod's containers: trying again", { pod: pod.metadata.name, error });
        work.record = withEndedStop(work.record, { failedAtMs: context.clock.monotonicMs() });
      },
    )
    .finally(work.wake);
}

/** Gives containers that are being stopped less time. */
export function shortenStop(
  { containerIds, graceSeconds }: { readonly containerIds: readonly string[]; readonly graceSeconds: number },
  work: PodWork,
  context: KubeletContext,
): void {
  work.impatience.abort();
  // The stop that is under way waits for their end and reports failures.
  for (const id of containerIds) void context.runtime.stopContainer(id, graceSeconds).catch(() => {});
}
