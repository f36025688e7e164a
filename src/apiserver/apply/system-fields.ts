import type { FieldSet } from "./field-set.ts";
import { setOf } from "./field-set.ts";

const SYSTEM_METADATA = new Set(
  [
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generation",
    "generateName",
    "managedFields",
    "selfLink",
  ].map((name) => `f:${name}`),
);

/** The fields without those that nobody owns: what names the object and what the system sets. */
export function withoutSystemFields(set: FieldSet): FieldSet {
  return setOf(
    [...set.children].flatMap(([step, child]) => {
      if (step === "f:apiVersion" || step === "f:kind") return [];
      if (step !== "f:metadata") return [[step, child] as const];
      return [[step, setOf([...child.children].filter(([name]) => !SYSTEM_METADATA.has(name)))] as const];
    }),
  );
}

/** The fields without the status, which its own subresource writes. */
export function withoutStatus(set: FieldSet): FieldSet {
  return setOf([...set.children].filter(([step]) => step !== "f:status"));
}
