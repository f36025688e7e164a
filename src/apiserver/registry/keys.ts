import type { Kind } from "@fairlead/api/kind";

/** Where the objects of one kind lie in the store: everything below this prefix, which ends in a slash. */
export function kindPrefix(kind: Pick<Kind, "group" | "plural">): string {
  return kind.group === "" ? `/registry/${kind.plural}/` : `/registry/${kind.group}/${kind.plural}/`;
}

/** The prefix of one namespace's objects, or of all of them when `namespace` is empty. */
export function namespacePrefix(kind: Pick<Kind, "group" | "plural">, namespace: string): string {
  return namespace === "" ? kindPrefix(kind) : `${kindPrefix(kind)}${namespace}/`;
}

/** The key of one object. `namespace` is not looked at for kinds without one. */
export function objectKey(
  kind: Pick<Kind, "group" | "plural" | "namespaced">,
  namespace: string,
  name: string,
): string {
  return `${kind.namespaced ? namespacePrefix(kind, namespace) : kindPrefix(kind)}${name}`;
}
