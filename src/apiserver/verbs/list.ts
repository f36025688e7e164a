import type { Kind } from "@fairlead/api/kind";
import type { Awaitable } from "@fairlead/api/resource-definition";
import { StatusError } from "@fairlead/api/status-error";
import type { Store } from "@fairlead/store/store";
import { CompactedError, FutureRevisionError, prefixEnd } from "@fairlead/store/store";
import type { Answer } from "../answers/answer.ts";
import { namespacePrefix } from "../registry/keys.ts";
import { badRequest } from "../registry/refusals.ts";
import type { Selection } from "../registry/selection.ts";
import { selectionOf } from "../registry/selection.ts";
import type { ServedVersion } from "../registry/served-version.ts";
import { shownObjects } from "../registry/served-version.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import { storedObject } from "../registry/stored-object.ts";
import type { WatchCache } from "../watch-cache/watch-cache.ts";
import { tooLarge } from "../watch-cache/watch-cache.ts";
import { decodeContinueToken, encodeContinueToken } from "./continue-token.ts";
import type { RequestedListOptions } from "./list-options.ts";
import { requestedListOptions } from "./list-options.ts";
import type { VerbRequest } from "./verb-request.ts";

/** A consistent view of a collection, or of a part of it. */
interface Page {
  readonly items: readonly StoredObject[];
  readonly revision: number;
  /** The key behind the last item, when there is more. */
  readonly nextKey?: string;
  /** How many objects follow; only known without selectors. */
  readonly remaining?: number;
}

/** The objects of a collection that the selectors choose, in order of namespace and name. */
export async function list(request: VerbRequest): Promise<Answer> {
  const { prefix, page } = await readPage(request);
  const meta = {
    resourceVersion: String(page.revision),
    ...(page.nextKey !== undefined && {
      continue: encodeContinueToken(
        { revision: page.revision, startKey: page.nextKey, remaining: page.remaining },
        prefix,
      ),
    }),
    ...(page.remaining !== undefined && { remainingItemCount: page.remaining }),
  };
  return { type: "list", version: request.version, items: page.items, meta };
}

/** All objects that a request for a collection selects, in the version of the path; without `limit`, whatever the query says. */
export async function selectedObjects(request: VerbRequest): Promise<readonly StoredObject[]> {
  return (await readPage(request)).page.items;
}

async function readPage(request: VerbRequest): Promise<{ readonly prefix: string; readonly page: Page }> {
  const { version } = request;
  const { prefix, page } = await readStoredPage(request);
  return { prefix, page: { ...page, items: await shownObjects(version, page.items) } };
}

/** Reads a page of objects as they are stored. */
async function readStoredPage(request: VerbRequest): Promise<{ readonly prefix: string; readonly page: Page }> {
  const { info, query, resource, version, environment } = request;
  const { kind } = resource;
  const options = requestedListOptions(query, false);
  const selection = selectionOf(version.kind, query);
  const prefix = namespacePrefix(kind, info.namespace);
  const chosen = chooser(version, selection);
  const from = { kind, prefix, selection, chosen, limit: options.limit };
  if (options.continue !== "") {
    if (options.revision !== undefined && options.revision !== 0) {
      throw badRequest("specifying resource version is not allowed when using continue");
    }
    const token = decodeContinueToken(options.continue, prefix);
    return { prefix, page: await readPast(request, { ...from, ...token }) };
  }
  if (options.revision !== undefined && wantsExact(options)) {
    const exact = { ...from, startKey: prefix, revision: options.revision };
    return { prefix, page: await readPast(request, exact) };
  }
  const cache = await resource.cache.use();
  await cache.reach(options.revision ?? (await environment.store.revision()), request.request.signal);
  return { prefix, page: await readCache(cache, from) };
}

async function readCache(cache: WatchCache, from: Cut & { readonly prefix: string }): Promise<Page> {
  const { prefix, selection, chosen, limit } = from;
  const { revision } = cache;
  if (!selection.everything) return cut(await chosen(cache.below(prefix), limit), revision, from);
  if (limit === 0) return cut(cache.below(prefix), revision, from);
  const page = cut(cache.below(prefix, limit + 1), revision, from);
  return page.remaining === undefined ? page : { ...page, remaining: cache.count(prefix) - limit };
}

/** Returns which of the given objects are selected, in order: all, or with a limit one more than that at least. */
type Choose = (objects: readonly StoredObject[], limit: number) => Awaitable<readonly StoredObject[]>;

/** A selector may name fields of the version that the path names: it is asked about the objects in that version. */
function chooser(version: ServedVersion, selection: Selection): Choose {
  if (!selection.isVersioned || version.conversion === undefined) {
    return (objects, limit) => firstMatches(objects, selection, limit);
  }
  return async (objects) => {
    const shown = await shownObjects(version, objects);
    return objects.filter((_, index) => {
      const inVersion = shown[index];
      return inVersion !== undefined && selection.matches(inVersion);
    });
  };
}

/** A limit with a revision and no match has always meant that very revision. */
function wantsExact({ match, limit, revision }: RequestedListOptions): boolean {
  return match === "Exact" || (match === "" && limit > 0 && revision !== 0);
}

function firstMatches(objects: readonly StoredObject[], selection: Selection, limit: number): readonly StoredObject[] {
  const found: StoredObject[] = [];
  for (const stored of objects) {
    if (!selection.matches(stored)) continue;
    found.push(stored);
    if (limit > 0 && found.length > limit) break;
  }
  return found;
}

interface Cut {
  readonly selection: Selection;
  readonly chosen: Choose;
  readonly limit: number;
}

/** Cuts objects that are all selected. As upstream, the answer says how many are left only without a selector. */
function cut(
  objects: readonly StoredObject[],
  revision: number,
  { selection, limit }: Pick<Cut, "selection" | "limit">,
): Page {
  if (limit === 0 || objects.length <= limit) return { items: objects, revision };
  const items = objects.slice(0, limit);
  const page = { items, revision, ...after(items) };
  return selection.everything ? { ...page, remaining: objects.length - limit } : page;
}

function after(items: readonly StoredObject[]): { readonly nextKey?: string } {
  const last = items.at(-1);
  return last === undefined ? {} : { nextKey: `${last.key}\0` };
}

interface PastRead extends Cut {
  readonly kind: Kind;
  readonly prefix: string;
  readonly startKey: string;
  readonly revision: number;
  /** How many objects there are from `startKey` on, where an earlier page has counted them. */
  readonly remaining?: number | undefined;
}

/** Reads a part of an earlier state: in order from `start` on, the first `limit`, or all. */
type ReadPart = (start: string, limit: number | undefined) => Promise<PastPart>;

interface PastPart {
  readonly objects: readonly StoredObject[];
  /** How many there are from `start` on. Known where the limit cut none off, or where it was asked for. */
  readonly count?: number | undefined;
}

/** Reads a page of an earlier state: from the cache as long as that remembers the changes since, else from the store. */
async function readPast({ resource, environment: { store } }: VerbRequest, read: PastRead): Promise<Page> {
  const { revision, startKey, prefix, limit, selection } = read;
  try {
    const part = await partsOf(resource.cache.current, store, read);
    return limit > 0 && !selection.everything ? await readSelected(part, read) : await readAll(part, read);
  } catch (error) {
    if (error instanceof CompactedError) throw expired(startKey === prefix);
    if (error instanceof FutureRevisionError) throw tooLarge(revision, await store.revision(), 0);
    throw error;
  }
}

async function partsOf(cache: WatchCache | undefined, store: Store, read: PastRead): Promise<ReadPart> {
  const { kind, prefix, revision, limit, remaining, selection } = read;
  const end = prefixEnd(prefix);
  const counts = limit > 0 && remaining === undefined && selection.everything;
  const ofStore: ReadPart = async (start, atOnce) => {
    const limited = atOnce === undefined ? {} : { limit: atOnce, counts };
    const { items, count } = await store.range({ start, end, revision, ...limited });
    return { objects: items.map((item) => storedObject(kind, item)), count };
  };
  // Only the store counts.
  if (cache === undefined || counts) return ofStore;
  // Whether a state is forgotten does not depend on the cache.
  await store.get(prefix, { revision });
  return async (start, atOnce) => {
    const objects = cache.at(revision, { start, end, limit: atOnce ?? Number.POSITIVE_INFINITY });
    return objects === undefined ? ofStore(start, atOnce) : { objects };
  };
}

async function readAll(part: ReadPart, read: PastRead): Promise<Page> {
  const { startKey, revision, remaining, limit } = read;
  // One more than asked for shows whether there are more.
  const { objects, count } = await part(startKey, limit > 0 ? limit + 1 : undefined);
  const page = cut(read.selection.everything ? objects : await read.chosen(objects, limit), revision, read);
  if (page.remaining === undefined) return page;
  const left = (remaining ?? count ?? 0) - page.items.length;
  return left > 0 ? { ...page, remaining: left } : { items: page.items, revision, ...after(page.items) };
}

/** Objects read at once at most while those that match are looked for; upstream's figure. */
const SELECTED_READ_MAX = 10_000;

/** Reads on until enough objects match, twice as many each time: a selector may drop any number of them. */
async function readSelected(part: ReadPart, read: PastRead): Promise<Page> {
  const { revision, limit, chosen } = read;
  const found: StoredObject[] = [];
  let start = read.startKey;
  for (
    let readAtOnce = Math.min(SELECTED_READ_MAX, limit + 1);
    ;
    readAtOnce = Math.min(SELECTED_READ_MAX, 2 * readAtOnce)
  ) {
    const { objects } = await part(start, readAtOnce);
    found.push(...(await chosen(objects, limit)));
    const last = objects.at(-1);
    if (found.length > limit || last === undefined || objects.length < readAtOnce) return cut(found, revision, read);
    start = `${last.key}\0`;
  }
}

function expired(firstPage: boolean): StatusError {
  return new StatusError(
    "Expired",
    firstPage
      ? "The resourceVersion for the provided list is too old."
      : "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
  );
}
