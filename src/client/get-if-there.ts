import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Client, ObjectKey } from "./client.ts";
import { ifThere } from "./if-there.ts";

/** Reads an object. Returns `undefined` if there is none; rejects with every other refusal. */
export function getIfThere<T extends KubeObject>(
  client: Pick<Client, "get">,
  resource: ResourceReference<T>,
  key: ObjectKey,
  options: { readonly signal?: AbortSignal } = {},
): Promise<T | undefined> {
  return ifThere(client.get(resource, key, options));
}
