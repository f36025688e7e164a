import { podReference } from "../../events/references.ts";
import { withFailedVolumes, withVolumes } from "../../sync/record/pod-record.ts";
import { prepareVolumes } from "../../volumes/prepare-volumes.ts";
import type { KubeletContext } from "../kubelet-context.ts";
import type { PodWork } from "../pod-work.ts";
import type { StepResults } from "./carry-out.ts";

/** Makes the pod's volumes; a failure is an event. Returns whether the pod has volumes, made now or before. */
export async function makeVolumes(
  { asOf }: { readonly asOf: number },
  { sandbox, objects = { configMaps: new Map(), secrets: new Map() } }: StepResults,
  work: PodWork,
  context: KubeletContext,
): Promise<boolean> {
  const { pod, paths } = work;
  const { tokens, claims, clock, nodeIPs: hostIPs } = context;
  const warn = (reason: string, message: string) =>
    context.events.record(podReference(pod), { type: "Warning", reason, message });
  try {
    const addresses = { podIPs: sandbox?.ips ?? [], hostIPs };
    const allocatable = context.allocatable();
    const mounted = await prepareVolumes(pod, { paths, objects, tokens, claims, addresses, allocatable, warn });
    work.record = withVolumes(work.record, mounted, { nowMs: clock.monotonicMs(), asOf });
  } catch (error) {
    work.record = withFailedVolumes(work.record, pod, { nowMs: clock.monotonicMs(), asOf });
    warn("FailedMount", error instanceof Error ? error.message : String(error));
  }
  return work.record.volumes.made !== undefined;
}
