import type { Kind } from "@fairlead/api/kind";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import { compareVersions } from "./compare-versions.ts";

/** Entries of `APIResourceList`: every resource and subresource of one group and version. */
export function apiResourceList(kinds: readonly Kind[], groupVersion: string) {
  return {
    kind: "APIResourceList",
    ...(groupVersion === "v1" ? {} : { apiVersion: "v1" }),
    groupVersion,
    resources: kinds
      .filter((kind) => apiVersionOf(kind) === groupVersion)
      .flatMap((kind) => [ownResource(kind), ...subresources(kind)])
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function ownResource(kind: Kind) {
  return {
    name: kind.plural,
    singularName: kind.singular,
    namespaced: kind.namespaced,
    kind: kind.kind,
    verbs: kind.listedVerbs ?? kind.verbs,
    ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
    ...(kind.categories.length > 0 && { categories: kind.categories }),
  };
}

function subresources(kind: Kind) {
  const base = { singularName: "", namespaced: kind.namespaced };
  const status = { name: `${kind.plural}/status`, ...base, kind: kind.kind, verbs: ["get", "patch", "update"] };
  return [
    ...(servesStatus(kind) ? [status] : []),
    ...kind.subresources.map(({ name, kind: ofKind, group, version, verbs }) => ({
      name: `${kind.plural}/${name}`,
      ...base,
      ...(group !== undefined && { group }),
      ...(version !== undefined && { version }),
      kind: ofKind,
      verbs,
    })),
  ];
}

/** Questions have a status in their answer, and no subresource for it. */
export function servesStatus(kind: Kind): boolean {
  return kind.hasStatus && kind.verbs.includes("update");
}

/** One group of the API and its versions, the preferred one first. */
export interface ApiGroup {
  readonly name: string;
  readonly versions: readonly string[];
}

/** The groups besides the core one, in the order of their kinds. */
export function apiGroups(kinds: readonly Kind[]): readonly ApiGroup[] {
  const groups = Map.groupBy(
    kinds.filter((kind) => kind.group !== ""),
    (kind) => kind.group,
  );
  return [...groups].map(([name, members]) => ({
    name,
    versions: [...new Set(members.map((kind) => kind.version))].sort((a, b) => compareVersions(b, a)),
  }));
}

/** `APIGroupList` of `/apis`. */
export function apiGroupList(kinds: readonly Kind[]) {
  return { kind: "APIGroupList", apiVersion: "v1", groups: apiGroups(kinds).map(groupEntry) };
}

/** `APIGroup` of `/apis/GROUP`, or `undefined` for a group that is not served. */
export function apiGroup(kinds: readonly Kind[], name: string) {
  const group = apiGroups(kinds).find((candidate) => candidate.name === name);
  return group === undefined ? undefined : { kind: "APIGroup", apiVersion: "v1", ...groupEntry(group) };
}

function groupEntry({ name, versions }: ApiGroup) {
  const entries = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

/** `APIVersions` of `/api`. */
export function apiVersions(serverAddress: string) {
  return {
    kind: "APIVersions",
    versions: ["v1"],
    serverAddressByClientCIDRs: [{ clientCIDR: "0.0.0.0/0", serverAddress }],
  };
}
