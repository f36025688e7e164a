import type { PolicyRule } from "@fairlead/api/rbac/v1/rules";

/** Every verb that changes nothing. */
export const READ = "get list watch";
/** Every verb that changes something. */
export const WRITE = "create delete deletecollection patch update";
/** Both. */
export const READ_WRITE = "create delete deletecollection get list patch update watch";

/**
 * An RBAC rule in short: each part is words with spaces between, `core` being the group without a name.
 *
 * @param resourceNames - Default: all.
 */
export function rule(verbs: string, groups: string, resources: string, resourceNames?: string): PolicyRule {
  return {
    apiGroups: groups.split(" ").map((group) => (group === "core" ? "" : group)),
    ...(resourceNames !== undefined && { resourceNames: resourceNames.split(" ") }),
    resources: resources.split(" "),
    verbs: verbs.split(" "),
  };
}

/** A rule about paths, in the same notation. */
export function pathRule(verbs: string, paths: string): PolicyRule {
  return { nonResourceURLs: paths.split(" "), verbs: verbs.split(" ") };
}

/** Lets a component report what it did. */
export const eventsRule = rule("create patch update", "core events.k8s.io", "events");
