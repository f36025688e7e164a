import { createHash } from "node:crypto";

/** Distinguishes a cluster from all others of this machine. A cluster's description and its state folder both have it. */
export interface ClusterIdentity {
  readonly name: string;
  /** Which folder of clusters it is in: empty for the usual one. Two users' clusters may have the same name. */
  readonly scope: string;
}

/** Short enough for the names of interfaces and namespaces. */
const SCOPE_LENGTH = 8;

/** @param stateHome - The folder of clusters, when it is not the usual one. */
export function scopeOf(stateHome: string | undefined): string {
  return stateHome === undefined ? "" : digest(stateHome).slice(0, SCOPE_LENGTH);
}

/** Holds the cgroups of all clusters of one scope. */
export function scopeCgroup({ scope }: ClusterIdentity): string {
  return scope === "" ? "/fairlead" : `/fairlead-${scope}`;
}

export function clusterCgroup(cluster: ClusterIdentity): string {
  return `${scopeCgroup(cluster)}/${cluster.name}`;
}

export function machineCgroup(cluster: ClusterIdentity, nodeName: string): string {
  return `${clusterCgroup(cluster)}/${nodeName}`;
}

/** The name of the fabric's network namespace, below `/run/netns`. */
export function fabricNetnsName({ name, scope }: ClusterIdentity): string {
  return scope === "" ? `fairlead-${name}` : `fairlead-${scope}-${name}`;
}

/** The host's interface. Names have 15 characters at most: a digest keeps two long cluster names apart. */
export function hostLinkName({ name, scope }: ClusterIdentity): string {
  return `fl-${digest(`${scope}/${name}`).slice(0, 10)}`;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
