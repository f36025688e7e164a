import type { Kind } from "@fairlead/api/kind";

/** A body and the media types that it may have. */
export interface ShapedBody {
  /** The name of a component; `undefined` for text without a schema. */
  readonly schema: string | undefined;
  readonly types: readonly string[];
}

/** `rbac.authorization.k8s.io` is `RbacAuthorization`, and the core group `Core`. */
function groupTitle(group: string): string {
  if (group === "") return "Core";
  return group
    .replace(/\.k8s\.io$/, "")
    .split(".")
    .map(title)
    .join("");
}

function title(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Returns the tag that groups operations in generated clients: `core_v1`, `rbacAuthorization_v1`. */
export function tagOf({ group, version }: Pick<Kind, "group" | "version">): string {
  const name = groupTitle(group);
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}_${version}`;
}

/** Parts of an operation's name besides verb, group and version. */
export interface OperationName {
  readonly scope: "Namespaced" | "";
  readonly kind: string;
  readonly suffix: string;
}

/** Returns the name of a method in generated clients: `readCoreV1NamespacedPodStatus`. */
export function operationId(
  verb: string,
  { group, version }: Pick<Kind, "group" | "version">,
  { scope, kind, suffix }: OperationName,
): string {
  const [first = "", second = ""] = verb === "deleteCollection" ? ["delete", "Collection"] : [verb];
  return `${first}${groupTitle(group)}${title(version)}${second}${scope}${kind}${suffix}`;
}
