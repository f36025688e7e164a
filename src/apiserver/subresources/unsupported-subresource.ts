import { StatusError } from "@fairlead/api/status-error";
import type { SubresourceHandler } from "./subresource.ts";

/** Refuses a subresource that upstream has and Fairlead does not have yet, by its name. */
export function unsupportedSubresource(groupResource: string, name: string): SubresourceHandler {
  return {
    groupResource,
    name,
    handle: () =>
      Promise.reject(
        new StatusError("MethodNotAllowed", `${groupResource}/${name} is not supported by this server`, {
          details: { kind: groupResource },
        }),
      ),
  };
}
