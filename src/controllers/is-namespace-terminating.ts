import { isForbidden, isNotFound } from "../api/status-error.ts";

/**
 * Whether a create was refused because its namespace is on its way out, or gone.
 *
 * There is nothing to do then, and nothing to try again.
 */
export function isNamespaceTerminating(error: unknown): boolean {
  if (isForbidden(error))
    return error.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") ?? false;
  return isNotFound(error) && error.details?.kind === "namespaces";
}
