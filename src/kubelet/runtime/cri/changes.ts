import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Loop, startLoop } from "@fairlead/lib/start-loop";
import { RuntimeError } from "../runtime-error.ts";
import type { CriContainer, CriSandbox } from "./answers.ts";
import type { CriConnection } from "./connection.ts";
import { LABEL } from "./labels.ts";
import { createLookTimes } from "./look-times.ts";

/** Reports changes in the runtime. */
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
 * Reports the pods whose containers or sandbox have changed, by comparing lists: when the runtime sends an event (containerd its own,
 * CRI-O those of CRI), and at intervals, which are short where there are no events. Watches from the first listener on.
 */
export function watchChanges({ cri, clock, log, pollIntervalMs }: ChangeWatchOptions): ChangeWatch {
  const listeners = new Set<(podUid: string) => void>();
  const times = createLookTimes(pollIntervalMs);
  const accepted = new Set<object>();
  let loops: readonly Loop[] = [];
  let looking: Loop | undefined;
  const report = (podUid: string) => {
    for (const listener of listeners) listener(podUid);
  };
  const onEvent = () => {
    times.event(clock.monotonicMs());
    looking?.wake();
  };

  /** Follows one kind of events, until it ends. */
  async function follow(
    subscribe: (signal: AbortSignal) => AsyncIterable<unknown>,
    signal: AbortSignal,
  ): Promise<number | "done"> {
    const subscription = {};
    const over = new AbortController();
    void clock.sleep(ACCEPTED_AFTER_MS, over.signal).then(
      () => accepted.add(subscription),
      () => {},
    );
    try {
      for await (const _ of subscribe(signal)) onEvent();
    } catch (error) {
      if (!(error instanceof RuntimeError) || error.code === "Failed") {
        log.warn("Cannot follow the events of the container runtime: its lists are read instead", { error });
      }
      if (error instanceof RuntimeError && error.code === "Unimplemented") return "done";
    } finally {
      over.abort();
      // Events may have been missed.
      if (accepted.delete(subscription)) onEvent();
    }
    return SUBSCRIBE_AGAIN_MS;
  }

  const changed = compareLists(cri, log);
  /** Compares the lists, if it is time. */
  async function look(): Promise<number> {
    const pauseMs = times.dueMs(accepted.size > 0) - clock.monotonicMs();
    if (pauseMs > 0) return pauseMs;
    times.look(clock.monotonicMs());
    for (const uid of await changed()) report(uid);
    return 0;
  }

  function start(): readonly Loop[] {
    looking = startLoop({ turn: look, clock });
    const following = [cri.containerdEvents.bind(cri), criEvents].map((subscribe) =>
      startLoop({ turn: (signal) => follow(subscribe, signal), clock }),
    );
    return [looking, ...following];
  }

  return {
    subscribe(listener) {
      listeners.add(listener);
      if (loops.length === 0) loops = start();
      return () => listeners.delete(listener);
    },

    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };

  /** These name the pod: its worker need not wait for the next look. */
  async function* criEvents(signal: AbortSignal): AsyncIterable<unknown> {
    for await (const event of cri.events<{ podSandboxStatus: CriSandbox | null }>(signal)) {
      const uid = event.podSandboxStatus?.metadata?.uid;
      if (uid !== undefined && uid !== "") report(uid);
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
