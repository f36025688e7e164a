import type { CacheEvent } from "./event-window.ts";

/** Lines that were written for changes: watches that show an object alike share them. */
export interface SharedLines {
  get(event: CacheEvent, type: string): Uint8Array | undefined;
  set(event: CacheEvent, type: string, line: Uint8Array): void;
}

/**
 * Remembers the newest lines. A watch that comes later than the others writes its own.
 *
 * @param bytesMax - Of all lines together. The newest one is kept whatever its size.
 */
export function createSharedLines(bytesMax: number): SharedLines {
  const byEvent = new Map<CacheEvent, Map<string, Uint8Array>>();
  let bytes = 0;

  const dropOldest = () => {
    const [oldest] = byEvent;
    if (oldest === undefined) return;
    byEvent.delete(oldest[0]);
    for (const line of oldest[1].values()) bytes -= line.byteLength;
  };

  return {
    get: (event, type) => byEvent.get(event)?.get(type),
    set(event, type, line) {
      const lines = byEvent.get(event) ?? new Map<string, Uint8Array>();
      bytes += line.byteLength - (lines.get(type)?.byteLength ?? 0);
      lines.set(type, line);
      byEvent.set(event, lines);
      while (bytes > bytesMax && byEvent.size > 1) dropOldest();
    },
  };
}
