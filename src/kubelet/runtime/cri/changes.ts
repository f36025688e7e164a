import type { Clock } from "../../../lib/clock.ts";
import type { Logger } from "../../../lib/log.ts";
import type { CriContainer, CriSandbox } from "./answers.ts";
import type { CriConnection } from "./connection.ts";
import { LABEL } from "./labels.ts";

/** Tells of changes in the runtime. */
export interface ChangeWatch {
  /** Calls the listener with the pod's uid. Returns the unsubscriber. */
  subscribe(listener: (podUid: string) => void): () => void;
  stop(): Promise<void>;
}

/**
 * Tells whose containers or sandbox have changed: by the runtime's events where it has them (CRI-O, containerd from
 * 1.7), and by comparing lists at every interval in any case, since events may be lost. Watches from the first listener on.
 */
export function watchChanges({
  cri,
  clock,
  log,
  pollIntervalMs,
}: {
  readonly cri: CriConnection;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pollIntervalMs: number;
}): ChangeWatch {
  const listeners = new Set<(podUid: string) => void>();
  const stopped = new AbortController();
  const tell = (podUid: string) => {
    for (const listener of listeners) listener(podUid);
  };
  let work: Promise<unknown> | undefined;

  return {
    subscribe(listener) {
      listeners.add(listener);
      work ??= Promise.all([
        poll({ cri, clock, log, pollIntervalMs, tell, signal: stopped.signal }),
        follow(cri, tell, stopped.signal),
      ]);
      return () => listeners.delete(listener);
    },

    async stop() {
      stopped.abort();
      await work;
    },
  };
}

interface Poll {
  readonly cri: CriConnection;
  readonly clock: Clock;
  readonly log: Logger;
  readonly pollIntervalMs: number;
  readonly tell: (podUid: string) => void;
  readonly signal: AbortSignal;
}

async function poll({ cri, clock, log, pollIntervalMs, tell, signal }: Poll): Promise<void> {
  let before = new Map<string, string>();
  let reachable = true;
  while (!signal.aborted) {
    try {
      const now = await states(cri);
      for (const uid of changedPods(before, now)) tell(uid);
      before = now;
      if (!reachable) log.info("The container runtime answers again");
      reachable = true;
    } catch (error) {
      if (reachable && !signal.aborted) log.warn("The container runtime does not answer", { error });
      reachable = false;
    }
    await clock.sleep(pollIntervalMs, signal).catch(() => {});
  }
}

/** The runtime's events for as long as there are any; a runtime without them is only polled. */
async function follow(cri: CriConnection, tell: (podUid: string) => void, signal: AbortSignal): Promise<void> {
  try {
    for await (const event of cri.events<{ podSandboxStatus: CriSandbox | null }>(signal)) {
      const uid = event.podSandboxStatus?.metadata?.uid;
      if (uid !== undefined && uid !== "") tell(uid);
    }
  } catch {
    // Unimplemented, or the runtime went away: the poll goes on and says so.
  }
}

/** One entry per container and sandbox: `id` to `podUid state`. */
async function states(cri: CriConnection): Promise<Map<string, string>> {
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
