import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import type { Store } from "./store.ts";

export interface CompactorOptions {
  readonly store: Store;
  /** How long history is kept: at least this, at most twice. Default 5 minutes, as upstream's API server has it. */
  readonly intervalMs?: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Has the store forget history that is older than `intervalMs`, until stopped. A failure is logged and made up for the next time. */
export function startCompactor({ store, intervalMs = 300_000, clock, log }: CompactorOptions): Running {
  let noted: number | undefined;

  async function turn(): Promise<number> {
    try {
      const now = await store.revision();
      if (noted !== undefined) await store.compact(noted);
      noted = now;
    } catch (error) {
      log.warn("Cannot compact the store: trying again later", { error });
    }
    return intervalMs;
  }

  return startLoop({ turn, clock });
}
