import { apiTime } from "../../api/api-time.ts";
import type { KubeObject } from "../../api/resource-reference.ts";
import { apiVersionOf } from "../../api/resource-reference.ts";
import type { TrackedWrite } from "../apply/track-write.ts";
import { trackWrite } from "../apply/track-write.ts";
import type { RegistryEnvironment } from "./environment.ts";
import { withMeta } from "./object-meta.ts";
import type { WriteTarget } from "./resource.ts";

/** Writer of requests that name none: no `fieldManager`, no User-Agent. */
const UNKNOWN = "unknown";

/** Returns the object of a write, as prepared, with `metadata.managedFields`. An apply has computed them already. */
export function withManagedFields(
  { clock }: Pick<RegistryEnvironment, "clock">,
  { resource, subresource, applies, writer = UNKNOWN }: WriteTarget,
  write: Pick<TrackedWrite, "previous" | "wanted" | "prepared">,
): KubeObject {
  const object = write.prepared ?? write.wanted;
  if (applies === true) return object;
  const { kind } = resource;
  const manager = { name: writer, operation: "Update" as const, apiVersion: apiVersionOf(kind), subresource };
  const managedFields = trackWrite({ ...write, kind, manager, time: apiTime(clock.now()) });
  return withMeta(object, { managedFields });
}
