import type { Kind, Subresource } from "@fairlead/api/kind";
import { type Format, formatOf, preferred } from "../answers/negotiate.ts";
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

/** The aggregated form, as a client asks for it. */
export interface AggregatedForm {
  readonly format: Format;
  readonly version: (typeof AGGREGATED_VERSIONS)[number];
}

/**
 * Returns the aggregated form that an `Accept` header asks for; `undefined`: it asks for none. As upstream, the aggregated form
 * goes before the plain one, whatever the client likes better.
 */
export function aggregatedForm(accept: string | undefined): AggregatedForm | undefined {
  for (const { mediaType, parameters } of preferred(accept ?? "")) {
    const format = formatOf(mediaType);
    const isList = parameters.get("as") === "APIGroupDiscoveryList" && parameters.get("g") === "apidiscovery.k8s.io";
    const version = AGGREGATED_VERSIONS.find((one) => one === parameters.get("v"));
    if (format !== undefined && isList && version !== undefined) return { format, version };
  }
  return undefined;
}
