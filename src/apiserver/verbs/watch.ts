import type { Kind } from "../../api/kind.ts";
import type { Awaitable } from "../../api/resource-definition.ts";
import { apiVersionOf } from "../../api/resource-reference.ts";
import type { Status } from "../../api/status-error.ts";
import { isExpired, isTimeout, StatusError } from "../../api/status-error.ts";
import type { ApiResponse } from "../../client/transport.ts";
import { CALLED_OFF } from "../../lib/called-off.ts";
import { chunks } from "../http/response.ts";
import { namespacePrefix, objectKey } from "../registry/keys.ts";
import type { Selection } from "../registry/selection.ts";
import { selectionOf } from "../registry/selection.ts";
import type { ServedVersion } from "../registry/served-version.ts";
import { shownObject, shownObjects } from "../registry/served-version.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import { atRevision } from "../registry/stored-object.ts";
import type { Renderer } from "../tables/renderer.ts";
import type { CacheEvent } from "../watch-cache/event-window.ts";
import type { Follower } from "../watch-cache/followers.ts";
import type { Interest } from "../watch-cache/interest-index.ts";
import type { WatchCache } from "../watch-cache/watch-cache.ts";
import type { RequestedListOptions } from "./list-options.ts";
import { requestedListOptions } from "./list-options.ts";
import type { VerbRequest } from "./verb-request.ts";
import { rendererFor } from "./verb-request.ts";
import { createWakeUp } from "./wake-up.ts";
import type { EventType } from "./watch-lines.ts";
import { errorLine, eventLine, eventTypeOf, textLine } from "./watch-lines.ts";

/** Without `timeoutSeconds` a watch lasts between one and two of these, so that not all clients come back at once. */
const LEAST_DURATION_SECONDS = 1_800;
const BOOKMARK_INTERVAL_MS = 60_000;
const CHUNK_BYTES = 64 * 1024;

/** Every change of a collection from a resource version on, one JSON line each, until the time is up. */
export async function watch(request: VerbRequest): Promise<ApiResponse> {
  const { info, query, resource, version, environment, stopping } = request;
  const gone = request.request.signal;
  const signal = gone === undefined ? stopping : AbortSignal.any([stopping, gone]);
  const options = requestedListOptions(query, true);
  const renderer = rendererFor(request);
  const selection = selectionOf(version.kind, query, info.name);
  const cache = await resource.cache.use();
  const headers = { "content-type": "application/json", "cache-control": "no-cache, private" };
  try {
    await settle(cache, request, options, signal);
    const interest = interestOf(request, selection);
    const tooSlow = new AbortController();
    const stream: Stream = {
      kind: resource.kind,
      version,
      cache,
      renderer,
      options,
      prefix: interest.prefix,
      matches: selection.everything ? () => true : (stored) => selection.matches(stored),
      comparesShown: selection.isVersioned && version.conversion !== undefined,
      clock: environment.clock,
      durationMs: durationMs(options, environment.random),
      signal,
      cutOff: () => tooSlow.abort(CALLED_OFF),
      ...startingPoint(cache, options, interest),
    };
    return { status: 200, headers, body: lines(stream), cutOff: tooSlow.signal };
  } catch (error) {
    // A client that resumes finds these among the events, where it looks for them.
    if (!isExpired(error) && !isTimeout(error)) throw error;
    return { status: 200, headers, body: chunks(errorLine(error.toStatus())) };
  }
}

/**
 * Waits until the cache has the state that the watch starts with. A watch of changes after a revision does not wait: if
 * the store has not reached that revision, the first event comes after it.
 */
async function settle(
  cache: WatchCache,
  { environment }: VerbRequest,
  { revision, sendInitialEvents }: RequestedListOptions,
  signal: AbortSignal,
): Promise<void> {
  if (revision !== undefined && revision > 0 && sendInitialEvents !== true) return;
  await cache.reach(revision ?? (await environment.store.revision()), signal);
}

interface Stream {
  /** The storage version. */
  readonly kind: Kind;
  readonly version: ServedVersion;
  readonly cache: WatchCache;
  readonly renderer: Renderer;
  readonly options: RequestedListOptions;
  readonly prefix: string;
  readonly matches: (stored: StoredObject) => boolean;
  /** Whether `matches` has to see objects in the client's version. */
  readonly comparesShown: boolean;
  readonly clock: VerbRequest["environment"]["clock"];
  readonly durationMs: number;
  readonly signal: AbortSignal;
  /** Ends the connection of a client that does not read. */
  readonly cutOff: () => void;
  readonly follower: Follower;
  /** Returns what is told first, as additions, and holds it no longer; `undefined` when nothing is. */
  takeStart(): StartingState | undefined;
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

async function* lines(stream: Stream): AsyncIterable<Uint8Array> {
  const { cache, options, renderer, signal, clock, follower } = stream;
  const wakeUp = createWakeUp(clock);
  const deadline = clock.monotonicMs() + stream.durationMs;
  const unsubscribe = follower.onNews(() => {
    // A watch that still writes earlier events does not wake up by itself: the client reads nothing.
    if (!wakeUp.isWaiting && (follower.isLost || clock.monotonicMs() >= deadline)) stream.cutOff();
    wakeUp.wake();
  });
  signal.addEventListener("abort", wakeUp.wake);
  let bookmarkAt = clock.monotonicMs() + BOOKMARK_INTERVAL_MS;
  let toldRevision = 0;
  try {
    yield* state(stream, stream.takeStart());
    for (;;) {
      const { revision } = cache;
      const events = follower.take(CHUNK_BYTES);
      if (events === undefined) {
        yield errorLine(lostTrack());
        return;
      }
      const isAll = !follower.hasMore;
      const found = batch(stream, events);
      const changed = found instanceof Promise ? await found : found;
      if (changed.length > 0) yield joined(changed);
      const now = clock.monotonicMs();
      const isOver = now >= deadline || signal.aborted;
      if (follower.hasMore && !isOver) continue;
      // A client that resumes from a bookmark skips the changes up to its revision: all of them must have been sent.
      const isNews = isAll && revision > toldRevision && revision >= (options.revision ?? 0);
      if (options.allowBookmarks && (isOver || now >= bookmarkAt) && isNews && !signal.aborted) {
        yield textLine("BOOKMARK", renderer.bookmark(String(revision), {}));
        toldRevision = revision;
      }
      if (isOver) return;
      if (now >= bookmarkAt) bookmarkAt = now + BOOKMARK_INTERVAL_MS;
      await wakeUp.wait(Math.min(bookmarkAt, deadline));
    }
  } finally {
    unsubscribe();
    signal.removeEventListener("abort", wakeUp.wake);
    wakeUp.stop();
  }
}

/** A single line is passed on as it is: other watches write the same one. */
function joined(changed: readonly Uint8Array[]): Uint8Array {
  const [only] = changed;
  return only !== undefined && changed.length === 1 ? only : Buffer.concat(changed);
}

/** The objects there were, and where the client asked for it a bookmark that says that these were all. */
async function* state(stream: Stream, start: StartingState | undefined): AsyncIterable<Uint8Array> {
  const { renderer, options } = stream;
  if (start === undefined) return;
  let pending: Uint8Array[] = [];
  let byteLength = 0;
  for (const stored of await startObjects(stream, start)) {
    const line = eventLine("ADDED", renderer.single(stored));
    pending.push(line);
    byteLength += line.byteLength;
    if (byteLength < CHUNK_BYTES) continue;
    yield Buffer.concat(pending);
    pending = [];
    byteLength = 0;
  }
  if (options.sendInitialEvents === true && options.allowBookmarks) {
    pending.push(
      textLine("BOOKMARK", renderer.bookmark(String(start.revision), { "k8s.io/initial-events-end": "true" })),
    );
  }
  if (pending.length > 0) yield Buffer.concat(pending);
}

/** Returns the objects that match, in the client's version. */
async function startObjects(
  { version, matches, comparesShown }: Stream,
  { objects }: StartingState,
): Promise<readonly StoredObject[]> {
  if (comparesShown) return (await shownObjects(version, objects)).filter(matches);
  return shownObjects(version, objects.filter(matches));
}

/** Returns the lines of changes, in the client's version. Those of the storage version are there at once. */
function batch(stream: Stream, events: readonly CacheEvent[]): Awaitable<readonly Uint8Array[]> {
  return stream.version.conversion === undefined ? storedLines(stream, events) : convertedLines(stream, events);
}

function storedLines(stream: Stream, events: readonly CacheEvent[]): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (const event of events) {
    if (!isBelow(stream.prefix, event)) continue;
    const type = eventTypeOf(event, stream.matches);
    if (type === undefined) continue;
    const written = writtenLine(stream, event, type);
    found.push(written ?? newLine(stream, event, type, type, changedObject(stream.kind, event, type)));
  }
  return found;
}

async function convertedLines(stream: Stream, events: readonly CacheEvent[]): Promise<readonly Uint8Array[]> {
  const { version, kind } = stream;
  const apiVersion = apiVersionOf(version.kind);
  const found: Uint8Array[] = [];
  for (const event of events) {
    if (!isBelow(stream.prefix, event)) continue;
    const type = eventTypeOf(stream.comparesShown ? await shownEvent(stream, event) : event, stream.matches);
    if (type === undefined) continue;
    const key = `${type} ${apiVersion}`;
    const line =
      writtenLine(stream, event, key) ??
      newLine(stream, event, key, type, await shownObject(version, changedObject(kind, event, type)));
    found.push(line);
  }
  return found;
}

/** Returns the line that another watch has written. */
function writtenLine({ renderer, cache }: Stream, event: CacheEvent, key: string): Uint8Array | undefined {
  return renderer.shared ? cache.lines.get(event, key) : undefined;
}

function newLine(
  { renderer, cache }: Stream,
  event: CacheEvent,
  key: string,
  type: EventType,
  shown: StoredObject,
): Uint8Array {
  const line = eventLine(type, renderer.single(shown));
  if (renderer.shared) cache.lines.set(event, key, line);
  return line;
}

/** The index of interests is coarse: it may tell of changes elsewhere. */
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
