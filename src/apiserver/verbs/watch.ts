import type { Kind } from "@fairlead/api/kind";
import type { Awaitable } from "@fairlead/api/resource-definition";
import type { Status } from "@fairlead/api/status-error";
import { isExpired, isTimeout, StatusError } from "@fairlead/api/status-error";
import { CALLED_OFF } from "@fairlead/lib/called-off";
import { onAbort } from "@fairlead/lib/on-abort";
import type { WatchAnswer } from "../answers/answer.ts";
import type { EventType, EventWriter } from "../answers/object-writer.ts";
import { namespacePrefix, objectKey } from "../registry/keys.ts";
import type { Selection } from "../registry/selection.ts";
import { selectionOf } from "../registry/selection.ts";
import type { ServedVersion } from "../registry/served-version.ts";
import { shownObject, shownObjects } from "../registry/served-version.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import { atRevision } from "../registry/stored-object.ts";
import type { CacheEvent } from "../watch-cache/event-window.ts";
import type { Follower } from "../watch-cache/followers.ts";
import type { Interest } from "../watch-cache/interest-index.ts";
import type { WatchCache } from "../watch-cache/watch-cache.ts";
import { eventTypeOf } from "./event-type.ts";
import type { RequestedListOptions } from "./list-options.ts";
import { requestedListOptions } from "./list-options.ts";
import type { VerbRequest } from "./verb-request.ts";
import { createWakeUp } from "./wake-up.ts";

/** Without `timeoutSeconds` a watch lasts between one and two of these, so that not all clients come back at once. */
const LEAST_DURATION_SECONDS = 1_800;
const BOOKMARK_INTERVAL_MS = 60_000;
const CHUNK_BYTES = 64 * 1024;

/** Every change of a collection from a resource version on, until the time is up. */
export async function watch(request: VerbRequest): Promise<WatchAnswer> {
  const { info, query, resource, version, environment, stopping } = request;
  const gone = request.request.signal;
  const options = requestedListOptions(query, true);
  const selection = selectionOf(version.kind, query, info.name);
  const cache = await resource.cache.use();
  try {
    await settle(cache, request, options);
    const interest = interestOf(request, selection);
    const tooSlow = new AbortController();
    const stream: Stream = {
      kind: resource.kind,
      version,
      cache,
      options,
      prefix: interest.prefix,
      matches: selection.everything ? () => true : (stored) => selection.matches(stored),
      comparesShown: selection.isVersioned && version.conversion !== undefined,
      clock: environment.clock,
      durationMs: durationMs(options, environment.random),
      endings: gone === undefined ? [stopping] : [stopping, gone],
      cutOff: () => tooSlow.abort(CALLED_OFF),
      ...startingPoint(cache, options, interest),
    };
    return {
      type: "watch",
      version,
      lines: cache.lines,
      write: (writer) => frames({ ...stream, writer }),
      cutOff: tooSlow.signal,
    };
  } catch (error) {
    // A client that resumes finds these among the events, where it looks for them.
    if (!isExpired(error) && !isTimeout(error)) throw error;
    return { type: "watch", version, lines: cache.lines, write: (writer) => failed(writer, error.toStatus()) };
  }
}

/**
 * Waits until the cache has the state that the watch starts with. A watch of changes after a revision does not wait: if
 * the store has not reached that revision, the first event comes after it.
 */
async function settle(
  cache: WatchCache,
  { environment, request, stopping }: VerbRequest,
  { revision, sendInitialEvents }: RequestedListOptions,
): Promise<void> {
  if (revision !== undefined && revision > 0 && sendInitialEvents !== true) return;
  const wanted = revision ?? (await environment.store.revision());
  if (cache.revision >= wanted) return;
  await cache.reach(wanted, request.signal === undefined ? stopping : AbortSignal.any([stopping, request.signal]));
}

interface Stream {
  /** The storage version. */
  readonly kind: Kind;
  readonly version: ServedVersion;
  readonly cache: WatchCache;
  readonly options: RequestedListOptions;
  readonly prefix: string;
  readonly matches: (stored: StoredObject) => boolean;
  /** Whether `matches` has to see objects in the client's version. */
  readonly comparesShown: boolean;
  readonly clock: VerbRequest["environment"]["clock"];
  readonly durationMs: number;
  /** Each ends the watch when aborted. Not one composite signal: reading its state for each event took 4 % of the time. */
  readonly endings: readonly AbortSignal[];
  /** Ends the connection of a client that does not read. */
  readonly cutOff: () => void;
  readonly follower: Follower;
  /** Returns the initial events, all additions, and releases them; `undefined` when there are none. */
  takeStart(): StartingState | undefined;
}

/** A stream, and how its client wants events written. */
interface WrittenStream<Frame> extends Stream {
  readonly writer: EventWriter<Frame>;
}

async function* failed<Frame>(writer: EventWriter<Frame>, status: Status): AsyncIterable<readonly Frame[]> {
  yield [writer.error(status)];
}

/** The objects of a collection at one revision. */
interface StartingState {
  readonly revision: number;
  readonly objects: readonly StoredObject[];
}

/** By a single name, else by the first field with a wanted value, else by namespace. */
function interestOf({ resource: { kind }, version, info }: VerbRequest, { fields }: Selection): Interest {
  const prefix = namespacePrefix(kind, info.namespace);
  const name = fields.find((field) => field.name === "metadata.name")?.value;
  const isOneObject = name !== undefined && (info.namespace !== "" || !kind.namespaced);
  // The index knows the fields of the storage version.
  const indexed = fields.find((field) => version.conversion === undefined || field.name.startsWith("metadata."));
  return { prefix, key: isOneObject ? objectKey(kind, info.namespace, name) : undefined, field: indexed };
}

/** State and follower belong together: nothing may happen between taking one and the other, however late they are read. */
function startingPoint(
  cache: WatchCache,
  { revision, sendInitialEvents }: RequestedListOptions,
  interest: Interest,
): Pick<Stream, "takeStart" | "follower"> {
  const tellsState = sendInitialEvents ?? (revision === undefined || revision === 0);
  const fromNow = tellsState || revision === undefined || revision === 0;
  let start = tellsState ? { revision: cache.revision, objects: cache.below(interest.prefix) } : undefined;
  return {
    takeStart() {
      const taken = start;
      start = undefined;
      return taken;
    },
    follower: cache.follow(fromNow ? cache.revision : revision, interest),
  };
}

function durationMs({ timeoutSeconds = 0 }: RequestedListOptions, random: (below: number) => number): number {
  const seconds = timeoutSeconds === 0 ? LEAST_DURATION_SECONDS + random(LEAST_DURATION_SECONDS) : timeoutSeconds;
  return Math.max(0, seconds) * 1000;
}

async function* frames<Frame>(stream: WrittenStream<Frame>): AsyncIterable<readonly Frame[]> {
  const { cache, options, writer, endings, clock, follower } = stream;
  const wakeUp = createWakeUp(clock);
  const deadline = clock.monotonicMs() + stream.durationMs;
  const unsubscribe = follower.onNews(() => {
    // A watch that still writes earlier events does not wake up by itself: the client reads nothing.
    if (!wakeUp.isWaiting && (follower.isLost || clock.monotonicMs() >= deadline)) stream.cutOff();
    wakeUp.wake();
  });
  let isEnded = false;
  const end = () => {
    isEnded = true;
    wakeUp.wake();
  };
  const forget = endings.map((signal) => onAbort(signal, end));
  let bookmarkAt = clock.monotonicMs() + BOOKMARK_INTERVAL_MS;
  let toldRevision = 0;
  try {
    yield* state(stream, stream.takeStart());
    for (;;) {
      const { revision } = cache;
      const events = follower.take(CHUNK_BYTES);
      if (events === undefined) {
        yield [writer.error(lostTrack())];
        return;
      }
      const isAll = !follower.hasMore;
      const found = batch(stream, events);
      const changed = found instanceof Promise ? await found : found;
      if (changed.length > 0) yield changed;
      const now = clock.monotonicMs();
      const isOver = now >= deadline || isEnded;
      if (follower.hasMore && !isOver) continue;
      // A client that resumes from a bookmark skips the changes up to its revision: all of them must have been sent.
      const isNews = isAll && revision > toldRevision && revision >= (options.revision ?? 0);
      if (options.allowBookmarks && (isOver || now >= bookmarkAt) && isNews && !isEnded) {
        yield [writer.bookmark(String(revision), {})];
        toldRevision = revision;
      }
      if (isOver || (follower.isOver && !follower.hasMore)) return;
      if (now >= bookmarkAt) bookmarkAt = now + BOOKMARK_INTERVAL_MS;
      await wakeUp.wait(Math.min(bookmarkAt, deadline));
    }
  } finally {
    unsubscribe();
    for (const leave of forget) leave();
    wakeUp.stop();
  }
}

/** The objects there were, and where the client asked for it a bookmark that says that these were all. */
async function* state<Frame>(
  stream: WrittenStream<Frame>,
  start: StartingState | undefined,
): AsyncIterable<readonly Frame[]> {
  const { writer, options } = stream;
  if (start === undefined) return;
  let pending: Frame[] = [];
  let byteLength = 0;
  for (const stored of await startObjects(stream, start)) {
    pending.push(writer.event("ADDED", stored));
    byteLength += stored.bytes.byteLength;
    if (byteLength < CHUNK_BYTES) continue;
    yield pending;
    pending = [];
    byteLength = 0;
  }
  if (options.sendInitialEvents === true && options.allowBookmarks) {
    pending.push(writer.bookmark(String(start.revision), { "k8s.io/initial-events-end": "true" }));
  }
  if (pending.length > 0) yield pending;
}

/** Returns the objects that match, in the client's version. */
async function startObjects(
  { version, matches, comparesShown }: Stream,
  { objects }: StartingState,
): Promise<readonly StoredObject[]> {
  if (comparesShown) return (await shownObjects(version, objects)).filter(matches);
  return shownObjects(version, objects.filter(matches));
}

/** Returns changes as they are written, in the client's version. Those of the storage version are there at once. */
function batch<Frame>(stream: WrittenStream<Frame>, events: readonly CacheEvent[]): Awaitable<readonly Frame[]> {
  return stream.version.conversion === undefined ? storedFrames(stream, events) : convertedFrames(stream, events);
}

function storedFrames<Frame>(stream: WrittenStream<Frame>, events: readonly CacheEvent[]): readonly Frame[] {
  const { writer, kind } = stream;
  const found: Frame[] = [];
  for (const event of events) {
    if (!isBelow(stream.prefix, event)) continue;
    const type = eventTypeOf(event, stream.matches);
    if (type === undefined) continue;
    const written = writer.written?.(type, event);
    found.push(written ?? writer.event(type, changedObject(kind, event, type), event));
  }
  return found;
}

async function convertedFrames<Frame>(
  stream: WrittenStream<Frame>,
  events: readonly CacheEvent[],
): Promise<readonly Frame[]> {
  const { writer, version, kind } = stream;
  const found: Frame[] = [];
  for (const event of events) {
    if (!isBelow(stream.prefix, event)) continue;
    const type = eventTypeOf(stream.comparesShown ? await shownEvent(stream, event) : event, stream.matches);
    if (type === undefined) continue;
    const written = writer.written?.(type, event);
    found.push(written ?? writer.event(type, await shownObject(version, changedObject(kind, event, type)), event));
  }
  return found;
}

/** The index of interests is coarse: it may pass on changes elsewhere. */
function isBelow(prefix: string, { before, after }: CacheEvent): boolean {
  return (after ?? before)?.key.startsWith(prefix) === true;
}

async function shownEvent(
  { version }: Stream,
  { before, after }: CacheEvent,
): Promise<Pick<CacheEvent, "before" | "after">> {
  return {
    before: before && (await shownObject(version, before)),
    after: after && (await shownObject(version, after)),
  };
}

/** An object that stopped matching is shown as it was when it last did, under the revision of the change. */
function changedObject(kind: Kind, { before, after, revision }: CacheEvent, type: EventType): StoredObject {
  const stored = type === "DELETED" ? (before ?? after) : (after ?? before);
  if (stored === undefined) throw new Error("A change has neither a before nor an after");
  return stored.revision === revision ? stored : atRevision(kind, stored, revision);
}

function lostTrack(): Status {
  return new StatusError("Expired", "too old resource version: the watch was too slow").toStatus();
}
