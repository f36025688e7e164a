import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ObjectReference } from "@fairlead/api/core/v1/references";
import { ANNOTATION } from "@fairlead/api/well-known";
import { type PodReferences, podReferences } from "./pod-references.ts";

/**
 * The kinds of objects that a node may see only when a pod bound to it needs them. VolumeAttachments are not served: none
 * is ever needed.
 */
export type NeededResource =
  | "secrets"
  | "configmaps"
  | "persistentvolumeclaims"
  | "persistentvolumes"
  | "serviceaccounts"
  | "resourceclaims"
  | "volumeattachments"
  | "pods";

/** Which nodes need which objects, because of the pods bound to them. */
export interface NodeGraph {
  setPod(key: string, pod: Pod | undefined): void;
  setVolume(name: string, volume: PersistentVolume | undefined): void;
  /** Whether a pod bound to the node is, or mentions, the object; of a volume, whether one mentions its claim. */
  needs(nodeName: string, resource: NeededResource, namespace: string, name: string): boolean;
}

/** A graph without pods. */
export function createNodeGraph(): NodeGraph {
  /** How many pods of a node need an object, by `node resource namespace name`. */
  const counts = new Map<string, number>();
  /** Pods that are bound, by `namespace/name`. Their edges are worked out again when they are needed: they would take more memory. */
  const pods = new Map<string, Pod>();
  /** The claim of each volume that has one. */
  const claimOfVolume = new Map<string, ObjectReference>();

  const add = (edge: string, difference: number) => {
    const count = (counts.get(edge) ?? 0) + difference;
    if (count === 0) counts.delete(edge);
    else counts.set(edge, count);
  };

  return {
    setPod(key, pod) {
      const known = pods.get(key);
      const edges = pod === undefined ? [] : edgesOf(pod);
      const before = known === undefined ? [] : edgesOf(known);
      if (pod === undefined || isUnbound(pod)) pods.delete(key);
      else pods.set(key, pod);
      // Most changes of a pod are of its status.
      if (edges.length === before.length && edges.every((edge, i) => edge === before[i])) return;
      for (const edge of before) add(edge, -1);
      for (const edge of edges) add(edge, +1);
    },
    setVolume(name, volume) {
      const claim = volume?.spec.claimRef;
      if (claim === undefined) claimOfVolume.delete(name);
      else claimOfVolume.set(name, claim);
    },
    needs(nodeName, resource, namespace, name) {
      if (resource === "pods") return pods.get(`${namespace}/${name}`)?.spec.nodeName === nodeName;
      if (resource !== "persistentvolumes") return counts.has(edgeTo(nodeName, resource, namespace, name));
      const claim = claimOfVolume.get(name);
      const { namespace: itsNamespace = "", name: itsName = "" } = claim ?? {};
      return claim !== undefined && counts.has(edgeTo(nodeName, "persistentvolumeclaims", itsNamespace, itsName));
    },
  };
}

function edgesOf(pod: Pod): readonly string[] {
  const nodeName = pod.spec.nodeName ?? "";
  if (isUnbound(pod)) return [];
  const namespace = pod.metadata.namespace ?? "";
  const to = (resource: NeededResource, names: readonly string[]) =>
    names.map((name) => edgeTo(nodeName, resource, namespace, name));
  const isMirror = pod.metadata.annotations?.[ANNOTATION.mirrorPod] !== undefined;
  // A node makes its mirror pods itself, and would make one to read what it likes.
  const needed: PodReferences = isMirror
    ? { secrets: [], configMaps: [], persistentVolumeClaims: [], resourceClaims: [], serviceAccount: "" }
    : podReferences(pod);
  return [
    ...to("secrets", needed.secrets),
    ...to("configmaps", needed.configMaps),
    ...to("persistentvolumeclaims", needed.persistentVolumeClaims),
    ...to("resourceclaims", needed.resourceClaims),
    ...to("serviceaccounts", needed.serviceAccount === "" ? [] : [needed.serviceAccount]),
  ];
}

function isUnbound({ spec }: Pod): boolean {
  return (spec.nodeName ?? "") === "";
}

function edgeTo(nodeName: string, resource: NeededResource, namespace: string, name: string): string {
  // Joined, it is one string; concatenated, it would keep six, which take three times the memory.
  return [nodeName, resource, namespace, name].join(" ");
}
