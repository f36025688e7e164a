import { ifThere } from "@fairlead/client/if-there";
import { prefixEnd } from "@fairlead/store/store";
import type { User } from "../authn/authenticator.ts";
import { deleteObject } from "./delete-object.ts";
import type { RegistryEnvironment } from "./environment.ts";
import { kindPrefix } from "./keys.ts";
import type { Resource } from "./resource.ts";
import { storedObject } from "./stored-object.ts";

/** Objects read at once. */
const PAGE = 500;

/**
 * Deletes every object of a resource that is about to go, as its users would.
 *
 * @returns How many remain: their finalizers hold them.
 */
export async function deleteAllObjects(
  environment: RegistryEnvironment,
  resource: Resource,
  user: User,
): Promise<number> {
  const { kind, stored: version } = resource;
  const prefix = kindPrefix(kind);
  const end = prefixEnd(prefix);
  let remaining = 0;
  for (let start = prefix; ; ) {
    const { items } = await environment.store.range({ start, end, limit: PAGE, counts: false });
    for (const item of items) {
      const { namespace = "", name } = storedObject(kind, item).object.metadata;
      const target = { resource, version, user, namespace, name, subresource: "", dryRun: false, warn: () => {} };
      const result = await ifThere(deleteObject(environment, target, {}));
      if (result?.removed === false) remaining++;
    }
    const last = items.at(-1);
    if (last === undefined || items.length < PAGE) return remaining;
    start = `${last.key}\0`;
  }
}
