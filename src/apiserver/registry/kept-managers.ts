import { deepEqual } from "@fairlead/api/deep-equal";
import type { ManagedFieldsEntry } from "@fairlead/api/meta/v1/object-meta";
import { validateManagedFields } from "@fairlead/api/meta/v1/validate-object-meta";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { decodeManagers } from "../apply/managers.ts";

/** An object after admission, and the warning for the client; none when its `managedFields` are valid. */
export interface KeptManagers {
  readonly object: KubeObject;
  readonly warning?: string;
}

/**
 * Returns the object that plugins made of `before`, with the `managedFields` of `before` where a plugin has made them invalid.
 *
 * Source: upstream's k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager/admission.go.
 */
export function withKeptManagers(before: KubeObject, after: KubeObject): KeptManagers {
  const { managedFields: kept } = before.metadata;
  const { managedFields: given } = after.metadata;
  const problem = given === kept || deepEqual(given, kept) ? undefined : managersProblem(given ?? []);
  if (problem === undefined) return { object: after };
  return {
    object: { ...after, metadata: { ...after.metadata, managedFields: kept } },
    warning:
      ".metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission " +
      `controller; please fix your requests: ${problem}`,
  };
}

/** Plugins may write anything: also what no list of entries is. */
function managersProblem(entries: unknown): string | undefined {
  const path = "metadata.managedFields";
  if (!Array.isArray(entries) || entries.some((entry) => typeof entry !== "object" || entry === null)) {
    return `${path}: must be a list of entries`;
  }
  const given = entries as readonly ManagedFieldsEntry[];
  const errors = given.flatMap((entry, index) => validateManagedFields(entry, `${path}[${index}]`));
  const texts = [...new Set(errors.map((error) => `${error.path}: ${error.message}`))];
  if (texts.length > 0) return texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  const broken = given.findIndex((entry) => decodeManagers([entry]) === undefined);
  return broken === -1 ? undefined : `${path}[${broken}]: must have an apiVersion, and fieldsV1 that can be decoded`;
}
