import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { PodStatus } from "@fairlead/api/core/v1/pod/pod-status";
import type { Clock } from "@fairlead/lib/clock";
import type { ImagePuller, PullListener } from "../images/image-puller.ts";
import { createImagePuller } from "../images/image-puller.ts";
import type { Holder } from "../objects/object-watcher.ts";
import type { PodProbes } from "../probes/pod-probes.ts";
import { createPodProbes } from "../probes/pod-probes.ts";
import type { StatusWriter } from "../status/status-writer.ts";
import { createStatusWriter } from "../status/status-writer.ts";
import type { PodState } from "../sync/pod-state.ts";
import { NOTHING_RUNNING } from "../sync/pod-state.ts";
import type { PodPulls } from "../sync/record/pod-pulls.ts";
import { withBegunPull, withFailedPull, withPulledImage } from "../sync/record/pod-pulls.ts";
import type { PodRecord } from "../sync/record/pod-record.ts";
import { NEW_RECORD, withChange, withPulls, withReport } from "../sync/record/pod-record.ts";
import type { PodPaths } from "../volumes/pod-paths.ts";
import { podPaths } from "../volumes/pod-paths.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import type { StateReader } from "./read-state.ts";
import { createStateReader } from "./read-state.ts";

/** State and tools of the worker of one pod. */
export interface PodWork {
  /** As last seen from the API. */
  pod: Pod;
  /** The pod's sandboxes and containers at the last look. */
  state: PodState;
  /** An immutable value: each plan and each outcome of a step replaces it. */
  record: PodRecord;

  readonly paths: PodPaths;
  readonly reader: StateReader;
  readonly images: ImagePuller;
  readonly probes: PodProbes;
  readonly writer: StatusWriter;
  readonly holder: Holder;
  /** Aborted when the pod is to end: starts that are under way are given up. */
  readonly ending: AbortController;
  /** Aborted when the kubelet stops. */
  readonly stopping: AbortController;
  /** Aborted when a stop that is under way is shortened: hooks end at once. */
  impatience: AbortController;
  /** Look at the pod now. */
  readonly wake: () => void;
}

/** Creates the state and tools for one pod. */
export function createPodWork(pod: Pod, context: KubeletContext, wake: () => void): PodWork {
  const { runtime, events, clock, client, log, lists, pulls } = context;
  const paths = podPaths(context.rootDir, pod.metadata.uid);
  const ending = new AbortController();
  const work: PodWork = {
    pod,
    state: NOTHING_RUNNING,
    record: NEW_RECORD,
    paths,
    reader: createStateReader({ runtime, lists, paths }),
    images: createImagePuller({
      pulls,
      events,
      clock,
      runtime,
      listener: pullListener(() => work, clock),
      signal: ending.signal,
    }),
    probes: createPodProbes({ runtime, events, clock, onChange: wake }),
    writer: createStatusWriter({ client, clock, log }),
    holder: { changed: () => again() },
    ending,
    stopping: new AbortController(),
    impatience: new AbortController(),
    wake,
  };
  const again = () => {
    work.record = withChange(work.record);
    wake();
  };
  context.room.note(work);
  return work;
}

/** Folds the progress of image pulls into the pod's record. */
function pullListener(work: () => PodWork, clock: Clock): PullListener {
  const end = (pulls: PodPulls) => {
    work().record = withPulls(work().record, pulls);
    work().wake();
  };
  return {
    begun(container, image) {
      const { record } = work();
      work().record = { ...record, pulls: withBegunPull(record.pulls, container, image) };
    },
    pulled: (container, image, pulled) => end(withPulledImage(work().record.pulls, container, image, pulled)),
    failed: (container, of, why) =>
      end(withFailedPull(work().record.pulls, container, { of, why, nowMs: clock.monotonicMs() })),
  };
}

/** Gives the status to the writer, unless the pod is gone from the API. */
export function report(work: PodWork, status: PodStatus): void {
  work.record = withReport(work.record, status);
  if (!work.record.removed) work.writer.write(work.pod, status);
}
