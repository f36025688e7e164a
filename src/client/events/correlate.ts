import { hash } from "node:crypto";
import type { Event } from "@fairlead/api/core/v1/event/event";
import type { Draft } from "@fairlead/api/schema";
import { createRecent } from "@fairlead/lib/recent";

// All figures are client-go's (tools/record/events_cache.go).
const REMEMBERED_MAX = 4_096;
/** Different messages of one reason within the interval from which on they are one event. */
const SIMILAR_MAX = 10;
const SIMILAR_INTERVAL_MS = 600_000;
/** Events that one source may record about one object at once, and how fast that budget is refilled. */
const BURST = 25;
const PER_SECOND = 1 / 300;

/** An event before it is correlated: everything that {@link correlate} reads is set. */
export interface NewEvent extends Draft<Event> {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly involvedObject: NonNullable<Draft<Event>["involvedObject"]>;
  readonly reason: string;
  readonly message: string;
  readonly type: "Normal" | "Warning";
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastTimestamp: string;
}

/** What to do with an event: write it as new, count it on one that was written before, or nothing. */
export type Correlated =
  | { readonly do: "skip" }
  | { readonly do: "create"; readonly event: NewEvent }
  | { readonly do: "count"; readonly event: NewEvent };

/** Turns a stream of events into fewer: the same one is counted, similar ones are combined, a flood is cut off. */
export interface Correlator {
  /** `nowMs` never goes back. */
  correlate(event: NewEvent, nowMs: number): Correlated;
}

/** A correlator that has seen nothing. */
export function createCorrelator(): Correlator {
  const tokens = createRecent<{ readonly left: number; readonly atMs: number }>(REMEMBERED_MAX);
  /** Messages by their digests, which the keys are too: their texts would take another MiB. */
  const similar = createRecent<{ readonly messages: readonly string[]; readonly atMs: number }>(REMEMBERED_MAX);
  const seen = createRecent<{ readonly count: number; readonly first: string; readonly name: string }>(REMEMBERED_MAX);

  /** Takes a token for the object; false when there is none left. */
  function mayTell(key: string, nowMs: number): boolean {
    const { left, atMs } = tokens.get(key) ?? { left: BURST, atMs: nowMs };
    const filled = Math.min(BURST, left + ((nowMs - atMs) / 1000) * PER_SECOND);
    tokens.set(key, { left: filled >= 1 ? filled - 1 : filled, atMs: nowMs });
    return filled >= 1;
  }

  /** The event itself, or the one that stands for all similar ones, and the key under which it is counted. */
  function combine(event: NewEvent, nowMs: number): { event: NewEvent; key: string } {
    const groupKey = keyOf(event, "similar");
    const before = similar.get(groupKey);
    const known = before === undefined || nowMs - before.atMs > SIMILAR_INTERVAL_MS ? [] : before.messages;
    const message = digest(event.message);
    const messages = known.includes(message) ? known : [...known, message];
    const areMany = messages.length >= SIMILAR_MAX;
    similar.set(groupKey, { messages: areMany ? messages.slice(1) : messages, atMs: nowMs });
    if (!areMany) return { event, key: keyOf(event, "same") };
    return { event: { ...event, message: `(combined from similar events): ${event.message}` }, key: groupKey };
  }

  return {
    correlate(given, nowMs) {
      const { event, key } = combine(given, nowMs);
      const before = seen.get(key);
      const { count, first, name } = before ?? { count: 0, first: event.firstTimestamp, name: event.metadata.name };
      // Dropped events are counted too: the next one that is recorded has the count.
      seen.set(key, { count: count + 1, first, name });
      if (!mayTell(keyOf(event, "object"), nowMs)) return { do: "skip" };
      if (before === undefined) return { do: "create", event };
      const metadata = { ...event.metadata, name };
      return { do: "count", event: { ...event, metadata, firstTimestamp: first, count: count + 1 } };
    },
  };
}

function digest(text: string): string {
  return hash("sha256", text, "base64url");
}

/** Returns the digest of what makes two events one. */
function keyOf(
  { source, involvedObject: o, type, reason, message }: NewEvent,
  what: "object" | "similar" | "same",
): string {
  const object = [source?.component, source?.host, o.kind, o.namespace, o.name, o.uid, o.apiVersion, type];
  switch (what) {
    case "object":
      return digest(JSON.stringify(object));
    case "similar":
      return digest(JSON.stringify([...object, reason]));
    case "same":
      return digest(JSON.stringify([...object, reason, o.fieldPath, message]));
  }
}
