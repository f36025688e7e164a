import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Clock } from "./clock.ts";
import type { Running } from "./running.ts";
import { startLoop } from "./start-loop.ts";

/** What a process has and has used at one moment. */
export interface MemoryLook {
  /** Bytes taken for objects and buffers: garbage, and room for new objects, included. */
  readonly heldBytes: number;
  /** Processor time since the process started. */
  readonly processorMs: number;
}

export interface IdleCollectionOptions {
  readonly clock: Clock;
  look(): MemoryLook;
  /** Collects all garbage at once, and gives the room that is free then back to the system. */
  collect(): void;
  /** Does the same once the process has done no work for some minutes. Default: {@link collect}. */
  collectSettled?(): void;
}

/** Interval between looks, in milliseconds. */
const INTERVAL_MS = 15_000;
/** Share of one processor's time below which a process may pause for a collection. */
const IDLE_SHARE = 0.1;
/** Share of one processor's time above which a process does work that changes what it holds. An idle program uses a fifth of it. */
const WORK_SHARE = 0.02;
/** Less growth than this is not worth a collection. */
const GROWTH_MIN_BYTES = 8 * 1024 * 1024;
/**
 * Time after the last work, in milliseconds, when it is collected once more. Caches keep changes for 120 s, and watches whose
 * client does not read are cut off when they have lost some: within 30 s more.
 */
const SETTLED_MS = 165_000;
/** Marking more than this at once would hold up the next request noticeably: two or three milliseconds a MiB. */
const LIVE_MAX_BYTES = 128 * 1024 * 1024;

/**
 * Collects garbage when the process has become idle, for the first time when it has started.
 *
 * V8 collects when something is allocated: the garbage of a busy hour stays as long as nothing happens, and so does the
 * room for new objects that grew with the work.
 */
export function startIdleCollection(options: IdleCollectionOptions): Running {
  const { clock, look } = options;
  let afterLast: number | undefined;
  let { processorMs } = look();
  let quietMs = Number.POSITIVE_INFINITY;

  async function turn(): Promise<number> {
    const now = look();
    // Some of what a collection freed goes back to the system a moment later.
    if (afterLast !== undefined) afterLast = Math.min(afterLast, now.heldBytes);
    const share = (now.processorMs - processorMs) / INTERVAL_MS;
    quietMs = share < WORK_SHARE ? quietMs + INTERVAL_MS : 0;
    if (share < IDLE_SHARE && isWorthwhile({ heldBytes: now.heldBytes, afterLast, quietMs })) {
      if (quietMs === SETTLED_MS && options.collectSettled !== undefined) options.collectSettled();
      else options.collect();
      afterLast = look().heldBytes;
    }
    processorMs = look().processorMs;
    return INTERVAL_MS;
  }

  return startLoop({ turn, firstPauseMs: INTERVAL_MS, clock });
}

interface Idle {
  readonly heldBytes: number;
  /** What was held after the last collection. `undefined` before the first one. */
  readonly afterLast: number | undefined;
  /** How long the process has done no work. */
  readonly quietMs: number;
}

function isWorthwhile({ heldBytes, afterLast, quietMs }: Idle): boolean {
  if ((afterLast ?? heldBytes) > LIVE_MAX_BYTES) return false;
  return afterLast === undefined || heldBytes - afterLast >= GROWTH_MIN_BYTES || quietMs === SETTLED_MS;
}

/** With them V8 drops code after one collection, not after six, and that of its second compiler as well. */
const CODE_FLAGS: readonly Flag[] = [
  ["--bytecode-old-age=1", "--bytecode-old-age=6"],
  ["--flush-baseline-code", "--no-flush-baseline-code"],
];

/** A flag of V8, set and not set. */
type Flag = readonly [set: string, reset: string];

/** Sets the flags for this moment alone: with any such flag V8 refuses the compiled code that it finds, that of Node's own modules too. */
function collectWith(flags: readonly Flag[]): void {
  for (const [set] of flags) setFlagsFromString(set);
  try {
    // Other flavors collect as much, but keep the room for new objects as large as it was.
    runInNewContext('gc({ type: "major", execution: "sync", flavor: "last-resort" })');
  } finally {
    for (const [, reset] of flags) setFlagsFromString(reset);
  }
}

/** The look and the collections of this process. */
export const ownMemory = {
  collect: () => collectWith([["--expose-gc", "--no-expose-gc"]]),

  /** Drops the compiled code, too, of functions that have not run since the last collection: they are compiled again when they run. */
  collectWithCode: () => collectWith([["--expose-gc", "--no-expose-gc"], ...CODE_FLAGS]),

  look() {
    const { heapTotal, external } = process.memoryUsage();
    const { user, system } = process.cpuUsage();
    return { heldBytes: heapTotal + external, processorMs: (user + system) / 1_000 };
  },
};
