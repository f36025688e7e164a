import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { ImagePuller } from "../images/image-puller.ts";
import type { Holder } from "../objects/object-watcher.ts";
import type { PodProbes } from "../probes/pod-probes.ts";
import type { WaitingReason } from "../status/container-status.ts";
import type { PodFailure } from "../status/pod-status.ts";
import { podStatus } from "../status/pod-status.ts";
import type { StatusWriter } from "../status/status-writer.ts";
import type { PodState } from "../sync/pod-state.ts";
import type { MountedVolumes } from "../volumes/mounted-volume.ts";
import type { PodPaths } from "../volumes/pod-paths.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import type { StateReader } from "./read-state.ts";

/** The kubelet's state of one pod between two syncs. All of it can be read again from the runtime or the API. */
export interface PodRecord {
  /** As last seen from the API. */
  pod: Pod;
  /** Not in the API any more. */
  removed: boolean;
  /** What the runtime had at the last look. */
  state: PodState;
  /** Why the pod as a whole has failed. */
  failure: PodFailure | undefined;
  /** Whether it has been decided if this node takes the pod. */
  admitted: boolean;
  /** Nothing of it is started any more: it has ended, or is to. */
  over: boolean;

  /** Why containers could not be started, by name. */
  readonly reasons: Map<string, WaitingReason>;
  /** Containers whose start failed are tried again then, by name; milliseconds of the monotonic clock. */
  readonly retryAt: Map<string, number>;
  sandboxFailures: number;
  volumeFailures: number;
  /** As they were made last. */
  volumes: MountedVolumes | undefined;
  /** Counts the changes of what volumes are made of. */
  volumeChanges: number;
  /** How many of these changes had come when what `volumes` are made of was read. */
  volumesAsOf: number;

  readonly paths: PodPaths;
  readonly reader: StateReader;
  readonly images: ImagePuller;
  readonly probes: PodProbes;
  readonly writer: StatusWriter;
  readonly holder: Holder;
  /** Aborted when the pod is to end: what it waits for does not matter any more. */
  readonly ending: AbortController;
}

/** Computes the pod's status from what is known now, and has it written. */
export function report(record: PodRecord, context: KubeletContext, { ended }: { readonly ended: boolean }) {
  const { pod, state, probes, reasons, failure, writer } = record;
  const status = podStatus({
    pod,
    state,
    previous: writer.latest ?? pod.status,
    probes,
    reasons,
    failure,
    nodeIPs: context.nodeIPs,
    runtimeName: context.runtimeName,
    ended,
    now: context.clock.now(),
  });
  if (!record.removed) writer.write(pod, status);
  return status;
}
