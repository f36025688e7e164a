import type { Node } from "@fairlead/api/core/v1/node/node";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { sourceNames } from "@fairlead/api/core/v1/persistentvolume/volume-sources";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { goQuote } from "@fairlead/api/go-quote";
import { nodeSelectorMatches } from "@fairlead/api/selectors/node-selector";
import { allContainers } from "../../sync/pod-state.ts";

/*
 * Why a claim or its volume cannot be used by a pod now; undefined when it can. The words are upstream's.
 */

/** Whether the claim has a volume to give. */
export function claimRefusal({ metadata, spec, status }: PersistentVolumeClaim): string | undefined {
  if (metadata.deletionTimestamp !== undefined) return "PVC is being deleted";
  if (status.phase !== "Bound") return "PVC is not bound";
  return (spec.volumeName ?? "") === "" ? "PVC has empty pvc.Spec.VolumeName" : undefined;
}

/** Whether the volume is the claim's, and one that the pod can mount as `volumeName`. */
export function volumeRefusal(
  { metadata, spec }: PersistentVolume,
  { claim, pod, volumeName }: { readonly claim: PersistentVolumeClaim; readonly pod: Pod; readonly volumeName: string },
): string | undefined {
  const found = `found PV object ${goQuote(metadata.name)} but`;
  const { claimRef, volumeMode } = spec;
  if (claimRef === undefined) {
    return `${found} it has a nil pv.Spec.ClaimRef indicating it is not yet bound to the claim`;
  }
  const { uid } = claim.metadata;
  if (claimRef.uid !== uid) {
    return `${found} its pv.Spec.ClaimRef.UID ${goQuote(claimRef.uid ?? "")} does not point to claim.UID ${goQuote(uid)}`;
  }
  const isMounted = allContainers(pod).some(({ container }) =>
    container.volumeMounts?.some(({ name }) => name === volumeName),
  );
  return isMounted && volumeMode !== "Filesystem"
    ? `volume ${volumeName} has volumeMode ${volumeMode}, but is specified in volumeMounts`
    : undefined;
}

/** Why this node does not mount the volume, as a whole sentence. What is not supported is refused by name. */
export function mountRefusal({ metadata, spec }: PersistentVolume, node: Node | undefined): string | undefined {
  const of = `for volume ${goQuote(metadata.name)} :`;
  const nodes = spec.nodeAffinity?.required;
  if (nodes !== undefined && (node === undefined || !nodeSelectorMatches(nodes, node))) {
    return `MountVolume.NodeAffinity check failed ${of} no matching NodeSelectorTerms`;
  }
  const [source] = sourceNames(spec);
  if (source !== "hostPath" && source !== "local") {
    return `MountVolume.SetUp failed ${of} persistent volumes of type ${source} are not supported`;
  }
  if ((spec.mountOptions ?? []).length > 0) {
    return `MountVolume.MountOptionSupport check failed ${of} Mount options are not supported for volume type`;
  }
  return undefined;
}
