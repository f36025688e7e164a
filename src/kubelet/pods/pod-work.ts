import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { PodStatus } from "../../api/core/v1/pod/pod-status.ts";
import type { Clock } from "../../lib/clock.ts";
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

/** What the steps of one pod work with. */
export interface PodWork {
  /** As last seen from the API. */
  pod: Pod;
  /** What the runtime had at the last look. */
  state: PodState;
  /** Replaced by each decision and each outcome; never changed. */
  record: PodRecord;

  readonly paths: PodPaths;
  readonly reader: StateReader;
  readonly images: ImagePuller;
  readonly probes: PodProbes;
  readonly writer: StatusWriter;
  readonly holder: Holder;
  /** Aborted when the pod is to end: its starts and what they wait for are given up. */
  readonly ending: AbortController;
  /** Aborted when the kubelet stops. */
  readonly stopping: AbortController;
  /** Aborted when the containers, which are being stopped, get less time: hooks end at once. */
  impatience: AbortController;
  /** Look at the pod now. */
  readonly wake: () => void;
}

/** What one pod needs to be worked on. */
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
  return work;
}

/** Notes in the pod's record what becomes of its pulls. */
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

/** Has the status written, unless the pod is gone from the API. */
export function report(work: PodWork, status: PodStatus): void {
  work.record = withReport(work.record, status);
  if (!work.record.removed) work.writer.write(work.pod, status);
}
