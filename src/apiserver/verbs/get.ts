import type { Kind } from "@fairlead/api/kind";
import type { Store } from "@fairlead/store/store";
import { type Answer, objectAnswer } from "../answers/answer.ts";
import { objectKey } from "../registry/keys.ts";
import { notFound } from "../registry/refusals.ts";
import { shownObject } from "../registry/served-version.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import { storedObject } from "../registry/stored-object.ts";
import type { VerbRequest } from "./verb-request.ts";
import { revisionOf } from "./verb-request.ts";

/** One object: the newest one, or with a `resourceVersion` one that is at least that new. */
export async function get(request: VerbRequest): Promise<Answer> {
  const { version } = request;
  return objectAnswer(200, version, await shownObject(version, await readObject(request)));
}

async function readStored(store: Store, kind: Kind, key: string, { name }: { readonly name: string }) {
  const { item } = await store.get(key);
  if (item === undefined) throw notFound(kind, name);
  return storedObject(kind, item);
}

/** Reads one object from the store. @throws {StatusError} `NotFound`. */
export async function readObject({ request, info, query, resource, environment }: VerbRequest): Promise<StoredObject> {
  const { kind, cache } = resource;
  const key = objectKey(kind, info.namespace, info.name);
  const revision = revisionOf(query.get("resourceVersion"));
  const asOf = revision === undefined ? cache.current : await cache.use();
  if (revision !== undefined) await asOf?.reach(revision, request.signal);
  // A cache that has come as far as the store answers the same, without a transaction.
  else if (asOf === undefined || asOf.revision < (await environment.store.revision())) {
    return readStored(environment.store, kind, key, info);
  }
  const stored = asOf?.get(key);
  if (stored === undefined) throw notFound(kind, info.name);
  return stored;
}
