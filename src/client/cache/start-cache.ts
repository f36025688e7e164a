import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { groupResourceOf } from "@fairlead/api/resource-reference";
import { isExpired } from "@fairlead/api/status-error";
import { createBackOff } from "@fairlead/lib/back-off";
import { CALLED_OFF } from "@fairlead/lib/called-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { attemptLevel } from "../attempt-level.ts";
import type { Client, ListOptions, WatchEvent } from "../client.ts";
import type { Cache, Indexes } from "./cache.ts";
import type { LocalCopy } from "./local-copy.ts";
import { createLocalCopy } from "./local-copy.ts";
import type { ObjectIndex } from "./object-index.ts";

/** Objects asked for at once. Upstream's reflectors use the same. */
const PAGE_OBJECTS = 500;
/** The server ends a watch after this long, or up to twice that, so that not all end at once. As upstream. */
const WATCH_TIMEOUT_SECONDS = 300;
/** How much longer we wait for the server's end of a watch before we give the connection up. */
const WATCH_GRACE_SECONDS = 30;
/** Upstream's 30 s are for thousands of nodes; here a server that was away for a minute is soon found again. */
const PAUSE_MAX_MS = 5_000;
/** A watch that lasted this long counts as one that worked. */
const WATCH_HEALTHY_MS = 10_000;

export interface CacheOptions<T extends KubeObject> {
  /** Default: all namespaces. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Type and metadata of objects alone. Default: whole objects. */
  readonly metadataOnly?: boolean | undefined;
  /** Whether the objects are listed in pages, which bounds what is in memory twice. Default: yes. */
  readonly inPages?: boolean;
  /** Further ways to find objects, for {@link Cache.byIndex}. */
  readonly indexes?: Indexes<T> | undefined;
  readonly log: Logger;
  readonly clock: Clock;
  /** In [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/** A cache to which users add indexes of their own. */
export interface IndexableCache<T extends KubeObject> extends Cache<T>, Pick<ObjectIndex<T>, "addIndexes"> {}

/**
 * Keeps a copy of all objects of `resource` that match, by one list and then watches, until stopped.
 *
 * A watch that ends is resumed where it ended. When the server no longer knows that place, everything is listed
 * again and listeners get the differences only. Failures are logged and tried again with growing pauses.
 */
export function startCache<T extends KubeObject>(
  client: Client,
  resource: ResourceReference<T>,
  options: CacheOptions<T>,
): IndexableCache<T> {
  const log = options.log.with({ resource: groupResourceOf(resource) });
  const copy = createLocalCopy<T>(log);
  const { byIndex } = copy.addIndexes(options.indexes ?? {});
  const ending = new AbortController();
  const synced = Promise.withResolvers<void>();
  // Callers need not wait for it: no unhandled rejection then.
  synced.promise.catch(() => {});
  const {
    namespace,
    labelSelector,
    fieldSelector,
    metadataOnly,
    inPages = true,
    clock,
    random = Math.random,
  } = options;
  const scope = { namespace, labelSelector, fieldSelector, metadataOnly };
  const listed = inPages ? listAll<T> : listAtOnce<T>;
  const done = follow({
    async list() {
      const { items, resourceVersion } = await listed(client, resource, { ...scope, signal: ending.signal });
      await copy.replaceAll(items, resourceVersion, ending.signal);
      synced.resolve();
    },
    watch: (timeoutSeconds, signal) =>
      client.watch(resource, { ...scope, resourceVersion: copy.resourceVersion, timeoutSeconds, signal }),
    copy,
    clock,
    random,
    log,
    ending: ending.signal,
  });

  return {
    get: copy.get,
    list: copy.list,
    byIndex,
    addIndexes: copy.addIndexes,
    onChange: copy.onChange,
    follow: copy.follow,
    synced: synced.promise,
    get resourceVersion() {
      return copy.resourceVersion;
    },
    async stop() {
      ending.abort(new Error("The cache was stopped"));
      await done;
      synced.reject(ending.signal.reason);
    },
  };
}

interface Following<T extends KubeObject> {
  /** Fills the copy. */
  list(): Promise<void>;
  /** Watches from where the copy is. */
  watch(timeoutSeconds: number, signal: AbortSignal): AsyncIterable<WatchEvent<T>>;
  readonly copy: LocalCopy<T>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  readonly ending: AbortSignal;
}

/** Lists and watches, again and again. Never rejects. */
async function follow<T extends KubeObject>(following: Following<T>): Promise<void> {
  const { copy, clock, random, log, ending } = following;
  const backOff = createBackOff({ initialMs: 50, maxMs: PAUSE_MAX_MS, jitter: { fraction: 1, random } });
  const bornMs = clock.monotonicMs();
  let everListed = false;
  while (!ending.aborted) {
    const startedMs = clock.monotonicMs();
    const isHealthy = () => clock.monotonicMs() - startedMs >= WATCH_HEALTHY_MS;
    try {
      if (copy.resourceVersion === "") await following.list();
      everListed = true;
      await watchOnce(following);
    } catch (error) {
      if (ending.aborted) return;
      if (isExpired(error)) copy.resourceVersion = "";
      else {
        const level = attemptLevel(error, { sinceMs: clock.monotonicMs() - bornMs, everSucceeded: everListed });
        log[level]("Cannot follow the API server: trying again", { error });
      }
    }
    const resumesAtOnce = isHealthy() && copy.resourceVersion !== "";
    if (isHealthy()) backOff.reset();
    if (!resumesAtOnce) await clock.sleep(backOff.next(), ending).catch(() => {});
  }
}

async function watchOnce<T extends KubeObject>({ watch, copy, clock, random, ending }: Following<T>): Promise<void> {
  const timeoutSeconds = Math.floor(WATCH_TIMEOUT_SECONDS * (1 + random()));
  const over = new AbortController();
  const signal = AbortSignal.any([ending, over.signal]);
  clock.sleep((timeoutSeconds + WATCH_GRACE_SECONDS) * 1000, signal).then(
    () => over.abort(new Error("The server did not end the watch in time")),
    () => {},
  );
  try {
    for await (const event of watch(timeoutSeconds, signal)) copy.applyEvent(event);
  } finally {
    over.abort(CALLED_OFF);
  }
}

function listAtOnce<T extends KubeObject>(client: Client, resource: ResourceReference<T>, options: ListOptions) {
  return client.list(resource, options);
}

/** Every page of a list. When the pages expire half-way, everything at once. */
async function listAll<T extends KubeObject>(
  client: Client,
  resource: ResourceReference<T>,
  options: ListOptions,
): Promise<{ readonly items: readonly T[]; readonly resourceVersion: string }> {
  const first = await client.list(resource, { ...options, limit: PAGE_OBJECTS });
  if (first.continue === undefined) return first;
  const items = [...first.items];
  let next: string | undefined = first.continue;
  try {
    while (next !== undefined) {
      const page: Awaited<ReturnType<typeof client.list<T>>> = await client.list(resource, {
        ...options,
        limit: PAGE_OBJECTS,
        continue: next,
      });
      for (const item of page.items) items.push(item);
      next = page.continue;
    }
    return { items, resourceVersion: first.resourceVersion };
  } catch (error) {
    if (!isExpired(error)) throw error;
    return client.list(resource, options);
  }
}
