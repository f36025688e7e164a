import { isFullyBound } from "@fairlead/api/core/v1/persistentvolumeclaim/bind-completed";
import { foreignClaim, podClaims } from "@fairlead/api/core/v1/pod/pod-claims";
import { nodeSelectorMatches } from "@fairlead/api/selectors/node-selector";
import { nodeLabelsChanged } from "../state/cluster-event.ts";
import type { ClusterState, Filter, PodCheck } from "../state/cluster-state.ts";
import type { PodFacts } from "../state/pod-facts.ts";

/**
 * Every claim of the pod must have its volume before the pod gets a node.
 *
 * Volumes that are chosen or made only once the pod's node is known come with storage classes.
 */
export const claimsAreBound: PodCheck = {
  name: "VolumeBinding",
  check: unboundClaim,
  mayHelp: ({ claims }, event) => event.type === "claim" && claims.includes(event.key),
};

function unboundClaim({ pod, claims }: PodFacts, cluster: ClusterState): string | undefined {
  for (const { claimName, isEphemeral } of podClaims(pod)) {
    const quoted = JSON.stringify(claimName);
    const claim = cluster.claim(`${pod.metadata.namespace}/${claimName}`);
    if (claim === undefined) {
      return isEphemeral
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`
        : `persistentvolumeclaim ${quoted} not found`;
    }
    if (claim.status.phase === "Lost") {
      const volume = JSON.stringify(claim.spec.volumeName ?? "");
      return `persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ${volume}`;
    }
    if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim ${quoted} is being deleted`;
    const foreign = isEphemeral ? foreignClaim(pod, claim) : undefined;
    if (foreign !== undefined) return foreign;
  }
  const all = claims.flatMap((key) => cluster.claim(key) ?? []);
  return all.every(isFullyBound) ? undefined : "pod has unbound immediate PersistentVolumeClaims";
}

/** The volumes of the pod must be there, and within reach of the node. */
export const volumeBinding: Filter = {
  name: "VolumeBinding",
  check({ claims }, cluster) {
    if (claims.length === 0) return undefined;
    const volumes = claims.map((key) => cluster.volume(cluster.claim(key)?.spec.volumeName ?? ""));
    return ({ node }) => {
      const isOutOfReach = volumes.some((volume) => {
        const nodes = volume?.spec.nodeAffinity?.required;
        return nodes !== undefined && !nodeSelectorMatches(nodes, node);
      });
      const reasons = [
        ...(isOutOfReach ? ["node(s) didn't match PersistentVolume's node affinity"] : []),
        ...(volumes.includes(undefined)
          ? ["node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)"]
          : []),
      ];
      return reasons.length === 0 ? undefined : { reasons, couldPreempt: false };
    };
  },
  mayHelp({ claims }, event) {
    if (event.type === "claim") return claims.includes(event.key);
    // Which volume the claim names is not known here.
    return event.type === "volume" || nodeLabelsChanged(event);
  },
};
