import { type Answer, objectAnswer } from "../answers/answer.ts";
import { objectKey } from "../registry/keys.ts";
import { readCurrent } from "../registry/read-current.ts";
import { notFound } from "../registry/refusals.ts";
import { shownObject } from "../registry/served-version.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import type { VerbRequest } from "./verb-request.ts";
import { revisionOf } from "./verb-request.ts";

/** One object: the newest one, or with a `resourceVersion` one that is at least that new. */
export async function get(request: VerbRequest): Promise<Answer> {
  const { version } = request;
  return objectAnswer(200, version, await shownObject(version, await readObject(request)));
}

/** Reads one object from the store. @throws {StatusError} `NotFound`. */
export async function readObject({ request, info, query, resource, environment }: VerbRequest): Promise<StoredObject> {
  const { kind, cache } = resource;
  const key = objectKey(kind, info.namespace, info.name);
  const revision = revisionOf(query.get("resourceVersion"));
  let stored: StoredObject | undefined;
  if (revision === undefined) stored = await readCurrent(environment.store, resource, key);
  else {
    const asOf = await cache.use();
    await asOf.reach(revision, request.signal);
    stored = asOf.get(key);
  }
  if (stored === undefined) throw notFound(kind, info.name);
  return stored;
}
