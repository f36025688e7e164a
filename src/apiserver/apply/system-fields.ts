import type { Kind } from "@fairlead/api/kind";
import type { FieldSet } from "./field-set.ts";
import { isEmptySet, leafSet } from "./field-set.ts";

const SYSTEM_FIELDS: ReadonlySet<string> = new Set(["f:apiVersion", "f:kind"]);
const SYSTEM_METADATA: ReadonlySet<string> = new Set(
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

/** The metadata as such: no manager owns it, and it stays when no manager owns a part of it. */
export const objectMetadata: FieldSet = { member: false, children: new Map([["f:metadata", leafSet]]) };

/** Removes the fields that have no owner: the object's type and name, and the fields that only the server sets. */
export function withoutSystemFields(set: FieldSet): FieldSet {
  const children = childrenWithout(set, SYSTEM_FIELDS);
  const metadata = children.get("f:metadata");
  if (metadata !== undefined) {
    const left = childrenWithout(metadata, SYSTEM_METADATA);
    if (left.size > 0) children.set("f:metadata", { member: false, children: left });
    else children.delete("f:metadata");
  }
  return { member: false, children };
}

/** Returns what is below a set, without some steps and without empty sets. */
function childrenWithout(set: FieldSet, steps: ReadonlySet<string>): Map<string, FieldSet> {
  const children = new Map<string, FieldSet>();
  for (const [step, child] of set.children) if (!steps.has(step) && !isEmptySet(child)) children.set(step, child);
  return children;
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
export function withoutResetFields(set: FieldSet, kind: Kind, subresource: string): FieldSet {
  const paths = kind.subresources.find(({ name }) => name === subresource)?.writes;
  if (paths !== undefined) return onlyBelow(set, paths);
  const isWritten = isWrittenThrough(kind, subresource);
  const { member, children } = set;
  return { member, children: new Map([...children].filter(([step]) => isWritten(step.slice("f:".length)))) };
}

/** Keeps what is at or below one of the paths. */
function onlyBelow({ children }: FieldSet, paths: readonly (readonly string[])[]): FieldSet {
  const kept = new Map<string, FieldSet>();
  for (const [step, child] of children) {
    const rests = paths.flatMap(([name, ...rest]) => (name === "*" || step === `f:${name}` ? [rest] : []));
    const below = rests.some((rest) => rest.length === 0) ? child : onlyBelow(child, rests);
    if (!isEmptySet(below)) kept.set(step, below);
  }
  return { member: false, children: kept };
}
