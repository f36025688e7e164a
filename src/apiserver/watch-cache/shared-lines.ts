import type { Clock } from "@fairlead/lib/clock";
import { createFifo } from "@fairlead/lib/fifo";
import type { CacheEvent } from "./event-window.ts";

/** Lines that were written for changes: watches that show an object alike share them. */
export interface SharedLines {
  get(event: CacheEvent, type: string): Uint8Array | undefined;
  set(event: CacheEvent, type: string, line: Uint8Array): void;
  /** Returns lines that leave together as one piece: the same one as last time for the same lines. */
  joined(lines: readonly Uint8Array[]): Uint8Array;
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
  readonly event: CacheEvent;
  readonly atMs: number;
  readonly lines: Map<string, Uint8Array>;
}

interface Joined {
  readonly lines: readonly Uint8Array[];
  readonly piece: Uint8Array;
}

/** Remembers the newest lines. A watch that comes later than the others writes its own. */
export function createSharedLines({ bytesMax, ageMaxMs }: LineLimits, clock: Pick<Clock, "monotonicMs">): SharedLines {
  const byEvent = new Map<CacheEvent, Shared>();
  const oldestFirst = createFifo<Shared>();
  let bytes = 0;
  let last: Joined | undefined;

  const dropOldest = () => {
    const oldest = oldestFirst.shift();
    if (oldest === undefined) return;
    byEvent.delete(oldest.event);
    for (const line of oldest.lines.values()) bytes -= line.byteLength;
  };
  const add = (event: CacheEvent): Shared => {
    const shared = { event, atMs: clock.monotonicMs(), lines: new Map<string, Uint8Array>() };
    byEvent.set(event, shared);
    oldestFirst.push(shared);
    return shared;
  };

  return {
    get: (event, type) => byEvent.get(event)?.lines.get(type),
    set(event, type, line) {
      const shared = byEvent.get(event) ?? add(event);
      bytes += line.byteLength - (shared.lines.get(type)?.byteLength ?? 0);
      shared.lines.set(type, line);
      while (bytes > bytesMax && byEvent.size > 1) dropOldest();
    },
    joined(lines) {
      const [only] = lines;
      if (only !== undefined && lines.length === 1) return only;
      if (last === undefined || !areSame(lines, last.lines)) last = { lines, piece: Buffer.concat(lines) };
      return last.piece;
    },
    expire() {
      last = undefined;
      const agedOutMs = clock.monotonicMs() - ageMaxMs;
      for (let oldest = oldestFirst.at(0); oldest !== undefined; oldest = oldestFirst.at(0)) {
        if (oldest.atMs >= agedOutMs) return;
        dropOldest();
      }
    },
  };
}

function areSame(some: readonly Uint8Array[], others: readonly Uint8Array[]): boolean {
  return some.length === others.length && some.every((line, index) => line === others[index]);
}
