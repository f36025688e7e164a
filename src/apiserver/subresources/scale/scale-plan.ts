import type { Scale } from "@fairlead/api/autoscaling/v1/scale/scale";
import type { Kind, Scaling } from "@fairlead/api/kind";
import type { JsonObject } from "@fairlead/api/patch/json-object";
import { isJsonObject } from "@fairlead/api/patch/json-object";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { apiVersionOf } from "@fairlead/api/resource-reference";

/** The workload with the Scale's number. What the Scale says of uid and version is kept, to be compared with what is stored. */
export function withScale<T extends KubeObject>(
  workload: T,
  { metadata, spec }: Pick<Scale, "metadata" | "spec">,
  scaling: Scaling<T>,
): T {
  const { resourceVersion = "", uid = "" } = metadata;
  return {
    ...scaling.withReplicas(workload, spec.replicas ?? 0),
    metadata: { ...workload.metadata, resourceVersion, uid },
  };
}

/** What applying this Scale means for the workload's own fields: at most its number of pods. */
export function appliedToWorkload(scale: JsonObject, kind: Kind, scaling: Scaling<KubeObject>): JsonObject {
  const { metadata, spec } = scale;
  const identity = { apiVersion: apiVersionOf(kind), kind: kind.kind, ...identityOf(metadata) };
  const replicas = isJsonObject(spec) ? spec.replicas : undefined;
  if (typeof replicas !== "number") return identity;
  // An object with nothing but its identity is what `withReplicas` takes too.
  return { ...scaling.withReplicas(identity as unknown as KubeObject, replicas) };
}

/** Labels and annotations of a Scale are the workload's, and cannot be changed through it. */
function identityOf(metadata: unknown): { readonly metadata: JsonObject } {
  if (!isJsonObject(metadata)) return { metadata: {} };
  const kept = ["name", "namespace", "uid", "resourceVersion"].filter((name) => metadata[name] !== undefined);
  return { metadata: Object.fromEntries(kept.map((name) => [name, metadata[name]])) };
}
