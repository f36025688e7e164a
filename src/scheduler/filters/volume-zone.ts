import type { PersistentVolume } from "../../api/core/v1/persistentvolume.ts";
import { podClaims } from "../../api/core/v1/pod/pod-claims.ts";
import { type Filter, labelOf, type NodeState } from "../state/cluster-state.ts";

/** Labels that say where a volume or a node is, and what the older ones are called now. */
const CURRENT_NAMES: ReadonlyMap<string, string> = new Map([
  ["failure-domain.beta.kubernetes.io/zone", "topology.kubernetes.io/zone"],
  ["failure-domain.beta.kubernetes.io/region", "topology.kubernetes.io/region"],
  ["topology.kubernetes.io/zone", "topology.kubernetes.io/zone"],
  ["topology.kubernetes.io/region", "topology.kubernetes.io/region"],
]);
/** Between the zones of a volume that is in several. */
const DELIMITER = "__";

/** Where a volume is. */
interface Place {
  readonly label: string;
  readonly values: readonly string[];
}

/** A node that is in a zone or region can have only the volumes there; volumes and nodes without such labels go together. */
export const volumeZone: Filter = ({ pod }, cluster) => {
  // As upstream, not those that are made for the pod.
  const claimNames = podClaims(pod).flatMap(({ claimName, isEphemeral }) => (isEphemeral ? [] : [claimName]));
  const places = claimNames.flatMap((name) => {
    const claim = cluster.claim(`${pod.metadata.namespace}/${name}`);
    return placesOf(cluster.volume(claim?.spec.volumeName ?? ""));
  });
  return (node) =>
    isSomewhere(node) && !places.every((place) => isAt(node, place))
      ? { reasons: ["node(s) had no available volume zone"], couldPreempt: false }
      : undefined;
};

function placesOf(volume: PersistentVolume | undefined): readonly Place[] {
  return [...CURRENT_NAMES.keys()].flatMap((label) => {
    const text = volume?.metadata.labels?.[label];
    const values = text?.split(DELIMITER).map((value) => value.trim()) ?? [];
    // A label that is no list of zones says nothing.
    return values.length === 0 || values.includes("") ? [] : [{ label, values }];
  });
}

function isSomewhere(node: NodeState): boolean {
  return [...CURRENT_NAMES.keys()].some((label) => labelOf(node, label) !== undefined);
}

function isAt(node: NodeState, { label, values }: Place): boolean {
  const value = labelOf(node, label) ?? labelOf(node, CURRENT_NAMES.get(label) ?? label);
  return value !== undefined && values.includes(value);
}
