import { ifThere } from "@fairlead/client/if-there";
import type { Answer } from "../answers/answer.ts";
import { deleteObject } from "../registry/delete-object.ts";
import type { StoredObject } from "../registry/stored-object.ts";
import { deleteOptions, isDryRun } from "./delete-options.ts";
import { selectedObjects } from "./list.ts";
import type { VerbRequest } from "./verb-request.ts";

/** How many deletions are under way at once. */
const PARALLEL = 16;

/** Every object that the selectors choose, one by one: some may be gone already when a later one is refused. */
export async function deleteCollection(request: VerbRequest): Promise<Answer> {
  const { resource, version, environment, user, warn } = request;
  const options = deleteOptions(request);
  const objects = await selectedObjects(request);
  const waiting = [...objects];
  const worker = async () => {
    for (let stored = waiting.pop(); stored !== undefined; stored = waiting.pop()) {
      const { namespace = "", name } = stored.object.metadata;
      const target = { resource, version, user, namespace, name, subresource: "", dryRun: isDryRun(options), warn };
      await ifThere(deleteObject(environment, target, options));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return { type: "list", version, items: objects, meta: { resourceVersion: newest(objects) } };
}

function newest(objects: readonly StoredObject[]): string {
  return String(objects.reduce((revision, stored) => Math.max(revision, stored.revision), 0));
}
