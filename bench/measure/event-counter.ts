import { setTimeout as pause } from "node:timers/promises";
import { nowMs } from "./now-ms.ts";

/** Counts the events of watches that one thread has, and measures how late those of some of them come. */
export interface EventCounter {
  /** Returns a listener for the pieces of a watch. Every tenth watch looks into its events: that costs time that the others need. */
  listener(watch: number): (piece: Buffer) => void;
  /** Resolves when so many events have come, or none of the missing ones within a minute. */
  counted(wanted: number): Promise<EventCounts>;
}

export interface EventCounts {
  readonly events: number;
  /** When the last event came, as {@link nowMs} has it. */
  readonly lastMs: number;
  /** From the moment a write was sent to its event at a watch, in milliseconds: of every tenth watch. */
  readonly latenciesMs: readonly number[];
}

export interface CountedWrites {
  /** The key, in an event's object, of the string with the write's number. */
  readonly key: string;
  /** When each write was sent, by its number. Shared with the writers. */
  readonly sentMs: Float64Array;
}

const LOOKS_INTO = 10;
/** Longest time without all events after the last write, in milliseconds. */
const EVENTS_TIMEOUT_MS = 60_000;
const NEWLINE = 10;
/** Of a write's number. */
const DIGITS_MAX = 8;

export function createEventCounter({ key, sentMs }: CountedWrites): EventCounter {
  const mark = `"${key}":"`;
  const latenciesMs: number[] = [];
  let events = 0;
  let lastMs = 0;

  const look = (event: Buffer): void => {
    const at = event.indexOf(mark);
    if (at < 0) throw new Error(`An event is not about a write of the benchmark: ${event.toString("utf8", 0, 500)}`);
    const from = at + mark.length;
    const number = Number.parseInt(event.toString("latin1", from, from + DIGITS_MAX), 10);
    latenciesMs.push(nowMs() - (sentMs[number] ?? Number.NaN));
  };

  return {
    listener(watch) {
      const looksInto = watch % LOOKS_INTO === 0;
      let rest: Buffer = Buffer.alloc(0);
      return (piece) => {
        const text = looksInto ? Buffer.concat([rest, piece]) : piece;
        let start = 0;
        for (let end = text.indexOf(NEWLINE); end >= 0; end = text.indexOf(NEWLINE, start)) {
          events++;
          if (looksInto) look(text.subarray(start, end));
          start = end + 1;
        }
        if (start > 0) lastMs = nowMs();
        if (looksInto) rest = text.subarray(start);
      };
    },
    async counted(wanted) {
      for (const endMs = nowMs() + EVENTS_TIMEOUT_MS; events < wanted && nowMs() < endMs; ) await pause(5);
      return { events, lastMs, latenciesMs };
    },
  };
}
