import type { Kind } from "../../api/kind.ts";
import type { FieldSet } from "./field-set.ts";
import { setOf } from "./field-set.ts";

const SYSTEM_METADATA = new Set(
  [
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "creationTimestamp",
    "generation",
    "managedFields",
    "selfLink",
    "clusterName",
  ].map((name) => `f:${name}`),
);

/** Removes the fields that have no owner: the object's type and name, and the fields that only the server sets. */
export function withoutSystemFields(set: FieldSet): FieldSet {
  return setOf(
    [...set.children].flatMap(([step, child]) => {
      if (step === "f:apiVersion" || step === "f:kind") return [];
      if (step !== "f:metadata") return [[step, child] as const];
      return [[step, setOf([...child.children].filter(([name]) => !SYSTEM_METADATA.has(name)))] as const];
    }),
  );
}

/**
 * Returns whether writes through an endpoint change a top-level field: not the status where it is a subresource, and
 * only status and metadata through that one. The endpoint resets the other fields.
 */
export function isWrittenThrough({ hasStatus }: Kind, subresource: string): (name: string) => boolean {
  if (!hasStatus) return () => true;
  if (subresource === "status") return (name) => name === "status" || name === "metadata";
  return (name) => name !== "status";
}

/** Removes the fields that an endpoint resets. */
export function withoutResetFields({ member, children }: FieldSet, kind: Kind, subresource: string): FieldSet {
  const isWritten = isWrittenThrough(kind, subresource);
  return { member, children: new Map([...children].filter(([step]) => isWritten(step.slice("f:".length)))) };
}
