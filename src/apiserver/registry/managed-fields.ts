import { apiTime } from "@fairlead/api/api-time";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import { trackWrite } from "../apply/track-write.ts";
import type { RegistryEnvironment } from "./environment.ts";
import { withMeta } from "./object-meta.ts";
import type { WriteTarget } from "./resource.ts";
import { type StoredWrite, versionForms } from "./version-forms.ts";

/** Writer of requests that name none: no `fieldManager`, no User-Agent. */
const UNKNOWN = "unknown";

/** Returns the object of a write, as prepared, with `metadata.managedFields`. An apply has computed them already. */
export async function withManagedFields(
  { clock }: Pick<RegistryEnvironment, "clock">,
  { resource, version, subresource, applies, writer = UNKNOWN }: WriteTarget,
  write: StoredWrite,
): Promise<KubeObject> {
  const object = write.prepared ?? write.wanted;
  if (applies === true) return object;
  const apiVersion = apiVersionOf(version.kind);
  const manager = { name: writer, operation: "Update" as const, apiVersion, subresource };
  const forms = await versionForms(resource, version, write);
  const managedFields = trackWrite({ forms, manager, time: apiTime(clock.now()) });
  return withMeta(object, { managedFields });
}
