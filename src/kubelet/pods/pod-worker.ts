import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { PodStatus } from "../../api/core/v1/pod/pod-status.ts";
import { boundedSeconds } from "../../api/int64.ts";
import { podReference } from "../events/references.ts";
import { createImagePuller } from "../images/image-puller.ts";
import { createPodProbes } from "../probes/pod-probes.ts";
import { OWN_CONDITIONS } from "../status/conditions.ts";
import type { PodFailure } from "../status/pod-status.ts";
import { createStatusWriter } from "../status/status-writer.ts";
import type { PodState } from "../sync/pod-state.ts";
import { NOTHING_RUNNING } from "../sync/pod-state.ts";
import { podPaths } from "../volumes/pod-paths.ts";
import { admissionRefusal } from "./admission/admit-pod.ts";
import type { PodEnding } from "./end-pod.ts";
import { createPodEnding } from "./end-pod.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import { startLookLoop } from "./look-loop.ts";
import type { PodRecord } from "./pod-record.ts";
import { report } from "./pod-record.ts";
import { createStateReader } from "./read-state.ts";
import { runPod } from "./run-pod.ts";

/** Looks after one pod, from its first container to its last file: one thing at a time. */
export interface PodWorker {
  readonly pod: Pod;
  /** What the runtime had of it at the last look. */
  readonly state: PodState;
  /** As last reported; the API's until then. */
  readonly status: PodStatus;
  /** The API has a newer version of the pod. */
  update(pod: Pod): void;
  /** The pod is not in the API any more: end it. */
  remove(): void;
  /** Look now: something has changed. */
  wake(): void;
  /** Resolves when nothing of the pod is left. */
  readonly gone: Promise<void>;
  /** Stops looking after it; its containers go on. */
  stop(): Promise<void>;
}

/** Starts to look after a pod. */
export function createPodWorker(pod: Pod, context: KubeletContext): PodWorker {
  const log = context.log.with({ pod: `${pod.metadata.namespace}/${pod.metadata.name}` });
  const gone = Promise.withResolvers<void>();
  const wake = () => loop.wake();
  const record = createRecord(pod, { ...context, log }, wake);
  const ending = createPodEnding(record, { ...context, log }, wake);
  const loop = startLookLoop({
    look: () => look({ record, ending, context, onGone: gone.resolve }),
    // It was stopped in the middle of a step.
    isInterruption: (error) => record.ending.signal.aborted && error === record.ending.signal.reason,
    clock: context.clock,
    log,
  });
  return {
    get pod() {
      return record.pod;
    },
    get state() {
      return record.state;
    },
    get status() {
      return record.writer.latest ?? record.pod.status;
    },

    update(next) {
      const before = record.pod;
      record.pod = next;
      if (!matters(before, next)) {
        // Another client may have overwritten the status.
        if (record.writer.latest !== undefined) record.writer.write(next, record.writer.latest);
        return;
      }
      // The status that we wrote last may not fit the pod's current state: the next sync writes it again.
      if (next.metadata.deletionTimestamp !== undefined) {
        record.ending.abort();
        ending.hurry();
      }
      record.volumeChanges += 1;
      record.retryAt.clear();
      wake();
    },

    remove() {
      record.removed = true;
      record.ending.abort();
      ending.hurry();
      wake();
    },

    wake,
    gone: gone.promise,

    async stop() {
      record.ending.abort();
      record.probes.stop();
      record.writer.stop();
      await loop.stop();
    },
  };
}

/** Looks once: runs the pod or ends it. Answers after how many milliseconds to look again. */
async function look({ record, ending, context, onGone }: Look): Promise<number | "done"> {
  record.state = await record.reader.read(record.pod);
  record.over ||= mustEnd(record, context);
  if (!record.over) {
    record.probes.sync(record.pod, record.state);
    const { phase } = report(record, context, { ended: false });
    record.over = phase === "Succeeded" || phase === "Failed";
  }
  if (!record.over) return Math.min(await runPod(record, context), deadlineInMs(record, context.clock.now()));

  record.ending.abort();
  const outcome = await ending.step();
  if (outcome === "gone") onGone();
  return outcome === "gone" ? "done" : outcome === "again" ? 0 : Number.POSITIVE_INFINITY;
}

interface Look {
  readonly record: PodRecord;
  readonly ending: PodEnding;
  readonly context: KubeletContext;
  readonly onGone: () => void;
}

function createRecord(pod: Pod, context: KubeletContext, wake: () => void): PodRecord {
  const { runtime, events, clock, client, log, lists, pulls } = context;
  const paths = podPaths(context.rootDir, pod.metadata.uid);
  const ending = new AbortController();
  const record: PodRecord = {
    pod,
    removed: false,
    state: NOTHING_RUNNING,
    failure: undefined,
    admitted: false,
    over: false,
    reasons: new Map(),
    retryAt: new Map(),
    sandboxFailures: 0,
    volumeFailures: 0,
    volumes: undefined,
    volumeChanges: 0,
    volumesAsOf: 0,
    paths,
    reader: createStateReader({ runtime, lists, paths }),
    images: createImagePuller({ pulls, events, clock, runtime, onEnd: () => again(), signal: ending.signal }),
    probes: createPodProbes({ runtime, events, clock, onChange: wake }),
    writer: createStatusWriter({ client, clock, log }),
    holder: { changed: () => again() },
    ending,
  };
  /** What was missing may be there now: do not wait until it is due. */
  const again = () => {
    record.volumeChanges += 1;
    record.retryAt.clear();
    wake();
  };
  return record;
}

/** Whether the pod has to go: deleted, gone, over its deadline, or not for this node. */
function mustEnd(record: PodRecord, context: KubeletContext): boolean {
  const { pod } = record;
  if (record.removed || pod.metadata.deletionTimestamp !== undefined) return true;
  if (pod.status.phase === "Succeeded" || pod.status.phase === "Failed") return true;
  record.failure ??= admitOnce(record, context) ?? checkDeadline(record, context);
  return record.failure !== undefined;
}

/**
 * Decides whether this node takes the pod, when the kubelet first sees it, as upstream: a later change of its labels does
 * not end it. A pod that has begun to run was taken by the kubelet that ran here before.
 *
 * Records an event about a refusal: the pod's owner may look there first.
 */
function admitOnce(record: PodRecord, { events }: KubeletContext): PodFailure | undefined {
  const { pod, state, admitted } = record;
  record.admitted = true;
  if (admitted || state.containers.length > 0 || (pod.status.phase ?? "Pending") !== "Pending") return undefined;
  const refusal = admissionRefusal(pod);
  if (refusal === undefined) return undefined;
  const { reason, message } = refusal;
  events.record(podReference(pod), { type: "Warning", reason, message });
  return { reason, message: `Pod was rejected: ${message}`, isRejection: true };
}

function checkDeadline(record: PodRecord, { clock, events }: KubeletContext): PodFailure | undefined {
  if (deadlineInMs(record, clock.now()) > 0) return undefined;
  const reason = "DeadlineExceeded";
  const message = "Pod was active on the node longer than the specified deadline";
  events.record(podReference(record.pod), { type: "Normal", reason, message });
  return { reason, message };
}

/** Until `activeDeadlineSeconds` is over. */
function deadlineInMs({ pod, writer }: PodRecord, now: number): number {
  const { startTime } = writer.latest ?? pod.status;
  const { activeDeadlineSeconds } = pod.spec;
  if (activeDeadlineSeconds === undefined || startTime === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(startTime) + boundedSeconds(activeDeadlineSeconds) * 1000 - now;
}

/** Whether a change is more than the echo of what this kubelet has reported itself. */
function matters(before: Pod, after: Pod): boolean {
  const relevant = ({ spec, metadata, status }: Pod) => {
    const { resourceVersion: _, managedFields: __, ...meta } = metadata;
    return JSON.stringify([spec, meta, (status.conditions ?? []).filter((c) => !OWN_CONDITIONS.includes(c.type))]);
  };
  return relevant(before) !== relevant(after);
}
