import type { Clock } from "@fairlead/lib/clock";
import type { CacheEvent } from "./event-window.ts";

/** Lines that were written for changes: watches that show an object alike share them. */
export interface SharedLines {
  get(event: CacheEvent, type: string): Uint8Array | undefined;
  set(event: CacheEvent, type: string, line: Uint8Array): void;
  /** Drops what is older than {@link LineLimits.ageMaxMs}. */
  expire(): void;
}

export interface LineLimits {
  /** Of all lines together. The newest one is kept whatever its size. */
  readonly bytesMax: number;
  /** Counted from the first line of a change. */
  readonly ageMaxMs: number;
}

interface Shared {
  readonly atMs: number;
  readonly lines: Map<string, Uint8Array>;
}

/** Remembers the newest lines. A watch that comes later than the others writes its own. */
export function createSharedLines({ bytesMax, ageMaxMs }: LineLimits, clock: Pick<Clock, "monotonicMs">): SharedLines {
  const byEvent = new Map<CacheEvent, Shared>();
  let bytes = 0;

  const dropOldest = () => {
    const [oldest] = byEvent;
    if (oldest === undefined) return;
    byEvent.delete(oldest[0]);
    for (const line of oldest[1].lines.values()) bytes -= line.byteLength;
  };

  return {
    get: (event, type) => byEvent.get(event)?.lines.get(type),
    set(event, type, line) {
      const shared = byEvent.get(event) ?? { atMs: clock.monotonicMs(), lines: new Map<string, Uint8Array>() };
      bytes += line.byteLength - (shared.lines.get(type)?.byteLength ?? 0);
      shared.lines.set(type, line);
      byEvent.set(event, shared);
      while (bytes > bytesMax && byEvent.size > 1) dropOldest();
    },
    expire() {
      const agedOutMs = clock.monotonicMs() - ageMaxMs;
      for (const { atMs } of byEvent.values()) {
        if (atMs >= agedOutMs) return;
        dropOldest();
      }
    },
  };
}
