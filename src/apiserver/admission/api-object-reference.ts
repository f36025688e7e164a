import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Volume } from "@fairlead/api/core/v1/pod/volume";
import { podReferences } from "../authz/pod-references.ts";

type Sources = NonNullable<NonNullable<Volume["projected"]>["sources"]>;

/**
 * Returns the kind of API object that a pod refers to, in upstream's words; nothing for a pod that refers to none.
 *
 * A mirror pod must not refer to any: its node would gain the right to read the object. Source: upstream's
 * `HasAPIObjectReference` (pkg/api/pod/util.go).
 */
export function apiObjectReference(pod: Pod): string | undefined {
  const { serviceAccount, secrets, configMaps } = podReferences(pod);
  if (serviceAccount !== "") return "serviceaccounts";
  if (secrets.length > 0) return "secrets";
  if (configMaps.length > 0) return "configmaps";
  if ((pod.spec.resourceClaims ?? []).length > 0) return "resourceclaims";
  return (pod.spec.volumes ?? []).map(referenceOfVolume).find((reference) => reference !== undefined);
}

function referenceOfVolume(volume: Volume): string | undefined {
  if (volume.configMap !== undefined) return "configmaps (via configmap volumes)";
  if (volume.secret !== undefined) return "secrets (via secret volumes)";
  if (volume.csi !== undefined) return "csidrivers (via CSI volumes)";
  if (volume.glusterfs !== undefined) return "endpoints (via glusterFS volumes)";
  if (volume.persistentVolumeClaim !== undefined) return "persistentvolumeclaims";
  if (volume.ephemeral !== undefined) return "persistentvolumeclaims (via ephemeral volumes)";
  if (volume.azureFile !== undefined) return "secrets (via azureFile volumes)";
  return (volume.projected?.sources ?? []).map(referenceOfSource).find((reference) => reference !== undefined);
}

function referenceOfSource(source: Sources[number]): string | undefined {
  if (source.configMap !== undefined) return "configmaps (via projected volumes)";
  if (source.secret !== undefined) return "secrets (via projected volumes)";
  if (source.serviceAccountToken !== undefined) return "serviceaccounts (via projected volumes)";
  if (source.clusterTrustBundle !== undefined) return "clustertrustbundles";
  return source.podCertificate === undefined ? undefined : "podcertificates";
}
