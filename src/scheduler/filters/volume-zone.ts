import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { podClaims } from "@fairlead/api/core/v1/pod/pod-claims";
import { deepEqual } from "@fairlead/api/deep-equal";
import { BETA_LABEL, LABEL } from "@fairlead/api/well-known";
import { nodeLabelsChanged } from "../state/cluster-event.ts";
import { type Filter, labelOf, type NodeState } from "../state/cluster-state.ts";

/** Labels that say where a volume or a node is, and what the older ones are called now. */
const CURRENT_NAMES: ReadonlyMap<string, string> = new Map([
  [BETA_LABEL.zone, LABEL.zone],
  [BETA_LABEL.region, LABEL.region],
  [LABEL.zone, LABEL.zone],
  [LABEL.region, LABEL.region],
]);
/** Between the zones of a volume that is in several. */
const DELIMITER = "__";

/** Where a volume is. */
interface Place {
  readonly label: string;
  readonly values: readonly string[];
}

/** A node that is in a zone or region can have only the volumes there; volumes and nodes without such labels go together. */
export const volumeZone: Filter = {
  name: "VolumeZone",
  check({ pod }, cluster) {
    // As upstream, not those that are made for the pod.
    const claimNames = podClaims(pod).flatMap(({ claimName, isEphemeral }) => (isEphemeral ? [] : [claimName]));
    const places = claimNames.flatMap((name) => {
      const claim = cluster.claim(`${pod.metadata.namespace}/${name}`);
      return placesOf(cluster.volume(claim?.spec.volumeName ?? ""));
    });
    if (places.length === 0) return undefined;
    return (node) =>
      isSomewhere(node) && !places.every((place) => isAt(node, place))
        ? { reasons: ["node(s) had no available volume zone"], couldPreempt: false }
        : undefined;
  },
  mayHelp({ claims }, event) {
    if (event.type === "claim") return claims.includes(event.key);
    if (event.type === "volume") {
      return event.before === undefined || !deepEqual(placesOf(event.before), placesOf(event.after));
    }
    return nodeLabelsChanged(event);
  },
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
