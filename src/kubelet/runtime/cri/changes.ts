import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { RuntimeError } from "../runtime-error.ts";
import type { CriContainer, CriSandbox } from "./answers.ts";
import type { CriConnection } from "./connection.ts";
import { LABEL } from "./labels.ts";
import { createLookTimes } from "./look-times.ts";

/** Tells of changes in the runtime. */
export interface ChangeWatch {
  /** Calls the listener with the pod's uid. Returns the unsubscriber. */
  subscribe(listener: (podUid: string) => void): () => void;
  stop(): Promise<void>;
}

interface ChangeWatchOptions {
  readonly cri: Pick<CriConnection, "call" | "events" | "containerdEvents">;
  readonly clock: Clock;
  readonly log: Logger;
  /** Poll interval for a runtime that sends no events, in milliseconds. */
  readonly pollIntervalMs: number;
}

/**
 * A subscription that lives this long is taken as accepted, in milliseconds: the runtime sends no acknowledgement. Until then
 * its lists are read as often as those of one without events.
 */
const ACCEPTED_AFTER_MS = 500;
/** Pause before another attempt to subscribe, in milliseconds. */
const SUBSCRIBE_AGAIN_MS = 1_000;

/**
 * Tells whose containers or sandbox have changed, by comparing lists: when the runtime sends an event (containerd its own,
 * CRI-O those of CRI), and at intervals, which are short where there are no events. Watches from the first listener on.
 */
export function watchChanges({ cri, clock, log, pollIntervalMs }: ChangeWatchOptions): ChangeWatch {
  const listeners = new Set<(podUid: string) => void>();
  const stopped = new AbortController();
  const times = createLookTimes(pollIntervalMs);
  const accepted = new Set<object>();
  let alarm = new AbortController();
  let work: Promise<unknown> | undefined;
  const tell = (podUid: string) => {
    for (const listener of listeners) listener(podUid);
  };
  const onEvent = () => {
    times.event(clock.monotonicMs());
    alarm.abort();
  };

  async function follow(subscribe: (signal: AbortSignal) => AsyncIterable<unknown>): Promise<void> {
    const subscription = {};
    while (!stopped.signal.aborted) {
      const over = new AbortController();
      void clock.sleep(ACCEPTED_AFTER_MS, over.signal).then(
        () => accepted.add(subscription),
        () => {},
      );
      try {
        for await (const _ of subscribe(stopped.signal)) onEvent();
      } catch (error) {
        if (!(error instanceof RuntimeError) || error.code === "Failed") {
          log.warn("Cannot follow the events of the container runtime: its lists are read instead", { error });
        }
        if (error instanceof RuntimeError && error.code === "Unimplemented") return;
      } finally {
        over.abort();
        // Events may have been missed.
        if (accepted.delete(subscription)) onEvent();
      }
      await clock.sleep(SUBSCRIBE_AGAIN_MS, stopped.signal).catch(() => {});
    }
  }

  async function look(): Promise<void> {
    const changed = compareLists(cri, log);
    while (!stopped.signal.aborted) {
      alarm = new AbortController();
      const pauseMs = times.dueMs(accepted.size > 0) - clock.monotonicMs();
      if (pauseMs > 0) {
        await clock.sleep(pauseMs, AbortSignal.any([alarm.signal, stopped.signal])).catch(() => {});
        continue;
      }
      times.look(clock.monotonicMs());
      for (const uid of await changed()) tell(uid);
    }
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      work ??= Promise.all([look(), follow((signal) => cri.containerdEvents(signal)), follow(criEvents)]);
      return () => listeners.delete(listener);
    },

    async stop() {
      stopped.abort();
      await work;
    },
  };

  /** These name the pod: its worker need not wait for the next look. */
  async function* criEvents(signal: AbortSignal): AsyncIterable<unknown> {
    for await (const event of cri.events<{ podSandboxStatus: CriSandbox | null }>(signal)) {
      const uid = event.podSandboxStatus?.metadata?.uid;
      if (uid !== undefined && uid !== "") tell(uid);
      yield event;
    }
  }
}

/** A function that answers what has changed since its last call; nothing while the runtime does not answer. */
function compareLists(cri: Pick<CriConnection, "call">, log: Logger): () => Promise<ReadonlySet<string>> {
  let before = new Map<string, string>();
  let reachable = true;
  return async () => {
    try {
      const now = await states(cri);
      const changed = changedPods(before, now);
      before = now;
      if (!reachable) log.info("The container runtime answers again");
      reachable = true;
      return changed;
    } catch (error) {
      if (reachable) log.warn("The container runtime does not answer", { error });
      reachable = false;
      return new Set();
    }
  };
}

/** One entry per container and sandbox: `id` to `podUid state`. */
async function states(cri: Pick<CriConnection, "call">): Promise<Map<string, string>> {
  const [{ items }, { containers }] = await Promise.all([
    cri.call<{ items: CriSandbox[] }>("ListPodSandbox", {}, 10_000),
    cri.call<{ containers: CriContainer[] }>("ListContainers", {}, 10_000),
  ]);
  return new Map([
    ...items.map((s) => [s.id, `${s.metadata?.uid ?? ""} ${s.state}`] as const),
    ...containers.map((c) => [c.id, `${c.labels[LABEL.podUid] ?? ""} ${c.state}`] as const),
  ]);
}

/** The uids of the pods for which anything came, went or changed between two polls. */
export function changedPods(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): ReadonlySet<string> {
  const changed = [
    ...[...after].filter(([id, state]) => before.get(id) !== state).map(([, state]) => state),
    ...[...before].filter(([id]) => !after.has(id)).map(([, state]) => state),
  ];
  return new Set(changed.map((state) => state.split(" ")[0] ?? "").filter((uid) => uid !== ""));
}
