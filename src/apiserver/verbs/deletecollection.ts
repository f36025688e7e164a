import { isNotFound } from "../../api/status-error.ts";
import type { ApiResponse } from "../../client/transport.ts";
import { deleteObject } from "../registry/delete-object.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import { deleteOptions, isDryRun } from "./delete-options.ts";
import { selectedObjects } from "./list.ts";
import { listBody } from "./list-body.ts";
import type { VerbRequest } from "./verb-request.ts";
import { rendererFor } from "./verb-request.ts";

/** How many deletions are under way at once. */
const PARALLEL = 16;

/** Every object that the selectors choose, one by one: some may be gone already when a later one is refused. */
export async function deleteCollection(request: VerbRequest): Promise<ApiResponse> {
  const { resource, version, environment, user } = request;
  const renderer = rendererFor(request);
  const options = deleteOptions(request);
  const objects = await selectedObjects(request);
  const waiting = [...objects];
  const worker = async () => {
    for (let stored = waiting.pop(); stored !== undefined; stored = waiting.pop()) {
      const { namespace = "", name } = stored.object.metadata;
      const target = { resource, version, user, namespace, name, subresource: "", dryRun: isDryRun(options) };
      await deleteObject(environment, target, options).catch(ignoreNotFound);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  const meta = { resourceVersion: newest(objects) };
  return {
    status: 200,
    headers: { "content-type": "application/json" },
    body: listBody(renderer, objects, meta),
  };
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

function newest(objects: readonly StoredObject[]): string {
  return String(objects.reduce((revision, stored) => Math.max(revision, stored.revision), 0));
}
