import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Draft } from "@fairlead/api/schema";
import { isAlreadyExists, isConflict, isInvalid, isNotFound } from "@fairlead/api/status-error";
import type { Client, ObjectKey } from "@fairlead/client/client";
import { getIfThere } from "@fairlead/client/get-if-there";
import { KEEP, type Repair } from "./repair.ts";

const CREATE = { verb: "create" } as const;

/** How objects of one kind are kept. */
export interface Ensuring<T extends KubeObject> {
  readonly client: Client;
  readonly kind: Kind<T>;
  /** Compares an object that exists with what it should be. Default: every object is right. */
  readonly reconcile?: (found: T, wanted: Draft<T>) => Repair<T>;
}

/** How often an object is read again after a conflict. */
const ATTEMPTS_MAX = 5;

/**
 * Creates an object where it is missing, and repairs it where it is not as it should be. Several servers may do so at once.
 *
 * @param found - The object, where the caller has read it already. Default: it is read.
 * @throws {StatusError} when a write is refused, after five attempts where other clients write the object, too.
 */
export async function ensureObject<T extends KubeObject>(
  { client, kind, reconcile = () => KEEP }: Ensuring<T>,
  wanted: Draft<T>,
  found?: { readonly object: T | undefined },
): Promise<void> {
  const key = keyOf(wanted);
  let current = found === undefined ? await getIfThere(client, kind, key) : found.object;
  for (let attempt = 1; ; attempt++) {
    const repair = current === undefined ? CREATE : reconcile(current, wanted);
    try {
      await write(client, kind, wanted, repair);
      return;
    } catch (error) {
      // A Service that another server has created meanwhile is refused for its address, not for its name.
      const isTaken = isAlreadyExists(error) || (repair.verb === "create" && isInvalid(error));
      if (attempt === ATTEMPTS_MAX || !(isTaken || isConflict(error) || isNotFound(error))) throw error;
      current = await getIfThere(client, kind, key);
    }
  }
}

async function write<T extends KubeObject>(
  client: Client,
  kind: Kind<T>,
  wanted: Draft<T>,
  repair: Repair<T> | typeof CREATE,
): Promise<void> {
  switch (repair.verb) {
    case "create":
      await client.create(kind, wanted);
      return;
    case "update":
      await client.update(kind, repair.object);
      return;
    case "replace":
      await client.delete(kind, keyOf(wanted));
      await client.create(kind, wanted);
      return;
    case "keep":
      return;
  }
}

function keyOf({ metadata }: Draft<KubeObject>): ObjectKey {
  return { namespace: metadata?.namespace, name: metadata?.name ?? "" };
}
