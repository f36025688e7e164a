import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { PodStatus } from "../../api/core/v1/pod/pod-status.ts";
import { createImagePuller } from "../images/image-puller.ts";
import { createPodProbes } from "../probes/pod-probes.ts";
import { OWN_CONDITIONS } from "../status/conditions.ts";
import { createStatusWriter } from "../status/status-writer.ts";
import type { PodState } from "../sync/pod-state.ts";
import { NOTHING_RUNNING } from "../sync/pod-state.ts";
import { podPaths } from "../volumes/pod-paths.ts";
import { createPodEnding } from "./end-pod.ts";
import type { KubeletContext } from "./kubelet-context.ts";
import type { PodRecord } from "./pod-record.ts";
import { report } from "./pod-record.ts";
import { createStateReader } from "./read-state.ts";
import { runPod } from "./run-pod.ts";
import { refusal } from "./unsupported.ts";

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

const FAILURE_FIRST_MS = 500;
const FAILURE_MAX_MS = 30_000;
/** Looks without a pause before it takes one. */
const IN_A_ROW_MAX = 50;
/** A look every so often even if nothing says that anything has changed; upstream's is a minute. */
const IDLE_MS = 60_000;

export function createPodWorker(pod: Pod, context: KubeletContext): PodWorker {
  const log = context.log.with({ pod: `${pod.metadata.namespace}/${pod.metadata.name}` });
  const stopped = new AbortController();
  const gone = Promise.withResolvers<void>();
  let alarm = new AbortController();
  let ended = false;
  let failures = 0;
  let inARow = 0;

  const wake = () => alarm.abort();
  const record = createRecord(pod, { ...context, log }, wake);
  const ending = createPodEnding(record, { ...context, log }, wake);

  /** Answers after how many milliseconds to look again. */
  async function look(): Promise<number> {
    record.state = await record.reader.read(record.pod);
    ended ||= mustEnd(record, context);
    if (!ended) {
      record.probes.sync(record.pod, record.state);
      const { phase } = report(record, context, { ended: false });
      ended = phase === "Succeeded" || phase === "Failed";
    }
    if (!ended) return Math.min(await runPod(record, context), deadlineInMs(record, context.clock.now()));

    record.ending.abort();
    const outcome = await ending.step();
    if (outcome === "gone") gone.resolve();
    return outcome === "again" ? 0 : IDLE_MS;
  }

  async function loop(): Promise<void> {
    let done = false;
    gone.promise.then(() => {
      done = true;
    });
    while (!stopped.signal.aborted && !done) {
      alarm = new AbortController();
      let inMs: number;
      try {
        inMs = await look();
        failures = 0;
        inARow = inMs === 0 ? inARow + 1 : 0;
        // A plan that is never done would keep the machine busy for nothing.
        if (inARow > IN_A_ROW_MAX) inMs = FAILURE_FIRST_MS;
      } catch (error) {
        if (stopped.signal.aborted) return;
        // It was in the middle of something when it was told to end: that is no failure.
        if (record.ending.signal.aborted && error === record.ending.signal.reason) continue;
        failures += 1;
        log.warn("A pod could not be looked after: trying again", { error });
        inMs = Math.min(FAILURE_MAX_MS, FAILURE_FIRST_MS * 2 ** (failures - 1));
      }
      const signal = AbortSignal.any([alarm.signal, stopped.signal]);
      if (inMs > 0) await context.clock.sleep(Math.min(inMs, IDLE_MS), signal).catch(() => {});
    }
  }

  const work = loop();
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
      if (record.writer.latest !== undefined) record.writer.write(next, record.writer.latest);
      if (!matters(before, next)) return;
      if (next.metadata.deletionTimestamp !== undefined) {
        record.ending.abort();
        ending.hurry();
      }
      record.volumes = undefined;
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
      stopped.abort();
      wake();
      record.ending.abort();
      record.probes.stop();
      record.writer.stop();
      await work;
    },
  };
}

function createRecord(pod: Pod, context: KubeletContext, wake: () => void): PodRecord {
  const { runtime, events, clock, client, log, lists } = context;
  const paths = podPaths(context.rootDir, pod.metadata.uid);
  const record: PodRecord = {
    pod,
    removed: false,
    state: NOTHING_RUNNING,
    failure: undefined,
    reasons: new Map(),
    backOffs: new Map(),
    retryAt: new Map(),
    sandboxFailures: 0,
    volumeFailures: 0,
    volumes: undefined,
    paths,
    reader: createStateReader({ runtime, lists, paths }),
    images: createImagePuller({ runtime, events, clock, onEnd: () => again() }),
    probes: createPodProbes({ runtime, events, clock, onChange: wake }),
    writer: createStatusWriter({ client, clock, log }),
    holder: { changed: () => again() },
    ending: new AbortController(),
  };
  /** What was missing may be there now: do not wait until it is due. */
  const again = () => {
    record.volumes = undefined;
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
  record.failure ??= refusal(pod);
  if (deadlineInMs(record, context.clock.now()) <= 0) {
    record.failure ??= {
      reason: "DeadlineExceeded",
      message: "Pod was active on the node longer than the specified deadline",
    };
  }
  return record.failure !== undefined;
}

/** Until `activeDeadlineSeconds` is over. */
function deadlineInMs({ pod, writer }: PodRecord, now: number): number {
  const { startTime } = writer.latest ?? pod.status;
  const { activeDeadlineSeconds } = pod.spec;
  if (activeDeadlineSeconds === undefined || startTime === undefined) return Number.POSITIVE_INFINITY;
  return Date.parse(startTime) + activeDeadlineSeconds * 1000 - now;
}

/** Whether a change is more than the echo of what this kubelet has reported itself. */
function matters(before: Pod, after: Pod): boolean {
  const relevant = ({ spec, metadata, status }: Pod) => {
    const { resourceVersion: _, managedFields: __, ...meta } = metadata;
    return JSON.stringify([spec, meta, (status.conditions ?? []).filter((c) => !OWN_CONDITIONS.includes(c.type))]);
  };
  return relevant(before) !== relevant(after);
}
