import type { Caches } from "./caches.ts";

/**
 * Whether a namespace was deleted: the API server refuses every new object there, so that controllers create none. They may
 * still learn it from a refusal, when their copy of the namespace is late.
 */
export function isNamespaceEnding({ namespaces }: Pick<Caches, "namespaces">, namespace = ""): boolean {
  const found = namespaces.get(namespace);
  return found?.metadata.deletionTimestamp !== undefined || found?.status.phase === "Terminating";
}
