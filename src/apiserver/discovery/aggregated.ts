import type { Kind, Subresource } from "../../api/kind.ts";
import { preferred } from "../http/negotiate.ts";
import type { ApiGroup } from "./resource-lists.ts";
import { apiGroups, servesStatus } from "./resource-lists.ts";

/** `apidiscovery.k8s.io` versions of the aggregated form, newest first. */
export const AGGREGATED_VERSIONS = ["v2", "v2beta1"] as const;

/**
 * Everything that is served, in one document: `APIGroupDiscoveryList`.
 *
 * @param legacy - The core group (`/api`) or all the others (`/apis`).
 */
export function aggregatedDiscovery(kinds: readonly Kind[], legacy: boolean, version: string) {
  const groups = legacy ? [{ name: "", versions: ["v1"] }] : apiGroups(kinds);
  return {
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => groupDiscovery(kinds, group)),
  };
}

function groupDiscovery(kinds: readonly Kind[], { name, versions }: ApiGroup) {
  return {
    metadata: { ...(name !== "" && { name }), creationTimestamp: null },
    versions: versions.map((version) => ({
      version,
      resources: kinds
        .filter((kind) => kind.group === name && kind.version === version)
        .map(resourceDiscovery)
        .sort((a, b) => (a.resource < b.resource ? -1 : 1)),
      freshness: "Current",
    })),
  };
}

function resourceDiscovery(kind: Kind) {
  const own = { group: kind.group, version: kind.version, kind: kind.kind };
  const status: Subresource = { name: "status", kind: kind.kind, verbs: ["get", "patch", "update"] };
  const subresources = [...(servesStatus(kind) ? [status] : []), ...kind.subresources].map((sub) => ({
    subresource: sub.name,
    responseKind: { group: sub.group ?? own.group, version: sub.version ?? own.version, kind: sub.kind },
    verbs: sub.verbs,
  }));
  return {
    resource: kind.plural,
    responseKind: own,
    scope: kind.namespaced ? "Namespaced" : "Cluster",
    singularResource: kind.singular,
    verbs: kind.listedVerbs ?? kind.verbs,
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
    ...(subresources.length > 0 && { subresources }),
  };
}

/** The version of the aggregated form that an `Accept` header asks for; `undefined`: the plain form. */
export function aggregatedVersion(accept: string | undefined): string | undefined {
  for (const { mediaType, parameters } of preferred(accept ?? "")) {
    if (!["application/json", "application/yaml", "application/*", "*/*"].includes(mediaType)) continue;
    // The plain form is liked better.
    if (!["as", "g", "v"].some((name) => parameters.has(name))) return undefined;
    const isList = parameters.get("as") === "APIGroupDiscoveryList" && parameters.get("g") === "apidiscovery.k8s.io";
    const version = AGGREGATED_VERSIONS.find((one) => one === parameters.get("v"));
    if (mediaType === "application/json" && isList && version !== undefined) return version;
  }
  return undefined;
}
