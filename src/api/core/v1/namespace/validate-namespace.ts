import type { FieldError } from "../../../field-error.ts";
import { invalid, invalidFor } from "../../../field-error.ts";
import { labelKeyProblems } from "../../../names.ts";
import type { Namespace, NamespaceSpec } from "./namespace-schema.ts";

const STANDARD_FINALIZERS: readonly string[] = ["kubernetes", "orphan", "foregroundDeletion"];

/** Returns the errors of a Namespace. */
export function validateNamespace(namespace: Namespace, previous?: Namespace): FieldError[] {
  return [...validateFinalizers(namespace.spec), ...(previous === undefined ? [] : validatePhase(namespace))];
}

function validatePhase({ metadata, status: { phase } }: Namespace): FieldError[] {
  const isDeleted = metadata.deletionTimestamp !== undefined;
  if (phase === (isDeleted ? "Terminating" : "Active")) return [];
  const detail = isDeleted
    ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
    : "may only be 'Active' if `deletionTimestamp` is empty";
  return [invalid("status.Phase", phase, detail)];
}

function validateFinalizers({ finalizers = [] }: NamespaceSpec): FieldError[] {
  const path = "spec.finalizers";
  return finalizers.flatMap((name) => [
    ...invalidFor(path, name, labelKeyProblems(name)),
    ...(name.includes("/") || STANDARD_FINALIZERS.includes(name)
      ? []
      : [invalid(path, name, "name is neither a standard finalizer name nor is it fully qualified")]),
  ]);
}
