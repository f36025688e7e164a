import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { isNotFound } from "@fairlead/api/status-error";
import type { Client, ObjectKey } from "./client.ts";

/** Reads an object. Returns `undefined` if there is none; rejects with every other refusal. */
export async function getIfThere<T extends KubeObject>(
  client: Pick<Client, "get">,
  kind: Kind<T>,
  key: ObjectKey,
  options: { readonly signal?: AbortSignal } = {},
): Promise<T | undefined> {
  try {
    return await client.get(kind, key, options);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
