import type { KubeObject } from "@fairlead/api/resource-reference";

/** The object with the finalizer added or taken away. */
export function withProtection<T extends KubeObject>(object: T, finalizer: string, what: "add" | "remove"): T {
  const others = (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
  const finalizers = what === "add" ? [...others, finalizer] : others;
  return { ...object, metadata: { ...object.metadata, finalizers } };
}
