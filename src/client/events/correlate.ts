import { hash } from "node:crypto";
import type { Event } from "@fairlead/api/core/v1/event/event";
import type { Draft } from "@fairlead/api/schema";
import { createRecent } from "@fairlead/lib/recent";

// All figures are client-go's (tools/record/events_cache.go).
/** Objects whose events are remembered. */
const REMEMBERED_MAX = 4_096;
/** Of one object and type: reasons, and of each the different events. More are forgotten, the oldest first. */
const GROUPS_MAX = 64;
const SAME_MAX = 32;
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
  /** The object is gone: no more events of it are expected. */
  forget(object: NewEvent["involvedObject"]): void;
}

/** What is known of the events of one object and one type. */
interface Known {
  /** Events that may be recorded at once, and when that was so. */
  left: number;
  atMs: number;
  /** By their reasons, the latest last. */
  groups: Group[];
}

/** Events of one object, type and reason. */
interface Group {
  readonly reason: string;
  /** Digests of the latest messages: their texts would take more room. */
  messages: readonly string[];
  atMs: number;
  /** By message and part of the object, the latest last. */
  same: Counted[];
  /** Of the one that stands for all, once they are many. */
  combined?: Counted;
}

interface Counted {
  /** Digest of what makes two events one. */
  readonly key: string;
  count: number;
  readonly first: string;
  readonly name: string;
}

/** A correlator that has seen nothing. */
export function createCorrelator(): Correlator {
  const objects = createRecent<Map<string, Known>>(REMEMBERED_MAX);

  function knownOf({ involvedObject, type }: NewEvent, nowMs: number): Known {
    const key = keyOf(involvedObject);
    const byType = objects.get(key) ?? new Map<string, Known>();
    objects.set(key, byType);
    const known = byType.get(type) ?? { left: BURST, atMs: nowMs, groups: [] };
    byType.set(type, known);
    return known;
  }

  return {
    correlate(given, nowMs) {
      const known = knownOf(given, nowMs);
      const group = groupOf(known, given.reason);
      const areMany = isOneOfMany(group, digest(given.message), nowMs);
      const event = areMany ? { ...given, message: `(combined from similar events): ${given.message}` } : given;
      const { counted, isNew } = countedOf(group, event, areMany);
      // Dropped events are counted too: the next one that is recorded has the count.
      counted.count += 1;
      if (!mayTell(known, nowMs)) return { do: "skip" };
      if (isNew) return { do: "create", event };
      const { name, first, count } = counted;
      return { do: "count", event: { ...event, metadata: { ...event.metadata, name }, firstTimestamp: first, count } };
    },
    forget: (object) => objects.delete(keyOf(object)),
  };
}

/** Takes a token for the object; false when there is none left. */
function mayTell(known: Known, nowMs: number): boolean {
  const filled = Math.min(BURST, known.left + ((nowMs - known.atMs) / 1000) * PER_SECOND);
  known.left = filled >= 1 ? filled - 1 : filled;
  known.atMs = nowMs;
  return filled >= 1;
}

function groupOf(known: Known, reason: string): Group {
  const found = known.groups.find((group) => group.reason === reason);
  const group: Group = found ?? { reason, messages: [], atMs: 0, same: [] };
  known.groups = latest(known.groups, group, GROUPS_MAX);
  return group;
}

/** Whether the event is one of so many similar ones that they are combined. */
function isOneOfMany(group: Group, message: string, nowMs: number): boolean {
  const before = nowMs - group.atMs > SIMILAR_INTERVAL_MS ? [] : group.messages;
  const messages = before.includes(message) ? before : [...before, message];
  const areMany = messages.length >= SIMILAR_MAX;
  group.messages = areMany ? messages.slice(1) : messages;
  group.atMs = nowMs;
  return areMany;
}

function countedOf(
  group: Group,
  event: NewEvent,
  areMany: boolean,
): { readonly counted: Counted; readonly isNew: boolean } {
  const key = areMany ? "" : digest(JSON.stringify([event.involvedObject.fieldPath, event.message]));
  const found = areMany ? group.combined : group.same.find((one) => one.key === key);
  const counted = found ?? { key, count: 0, first: event.firstTimestamp, name: event.metadata.name };
  if (areMany) group.combined = counted;
  else group.same = latest(group.same, counted, SAME_MAX);
  return { counted, isNew: found === undefined };
}

/** Puts an item last, and drops the first ones of too many. */
function latest<T>(items: readonly T[], item: T, max: number): T[] {
  return [...items.filter((one) => one !== item), item].slice(-max);
}

function keyOf({ kind, namespace, name, uid, apiVersion }: NewEvent["involvedObject"]): string {
  return digest(JSON.stringify([kind, namespace, name, uid, apiVersion]));
}

/** 132 bits: enough to tell texts apart that others choose. */
function digest(text: string): string {
  return hash("sha256", text, "base64url").slice(0, 22);
}
