import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { claimNames } from "@fairlead/api/core/v1/pod/pod-claims";
import type { Volume } from "@fairlead/api/core/v1/pod/volume";

/** What a pod mentions by name, all of it in the pod's own namespace. */
export interface PodReferences {
  readonly secrets: readonly string[];
  readonly configMaps: readonly string[];
  readonly persistentVolumeClaims: readonly string[];
  readonly resourceClaims: readonly string[];
  /** Empty when there is none, as for mirror pods. */
  readonly serviceAccount: string;
}

/** Collects every Secret, ConfigMap, claim and service account that running the pod needs. */
export function podReferences(pod: Pod): PodReferences {
  const containers = [
    ...(pod.spec.initContainers ?? []),
    ...pod.spec.containers,
    ...(pod.spec.ephemeralContainers ?? []),
  ];
  const volumes = pod.spec.volumes ?? [];
  return {
    secrets: named([
      ...(pod.spec.imagePullSecrets ?? []).map((secret) => secret.name),
      ...containers.flatMap(secretsOfContainer),
      ...volumes.flatMap(secretsOfVolume),
    ]),
    configMaps: named([...containers.flatMap(configMapsOfContainer), ...volumes.flatMap(configMapsOfVolume)]),
    persistentVolumeClaims: named(claimNames(pod)),
    resourceClaims: named(resourceClaimsOf(pod)),
    serviceAccount: pod.spec.serviceAccountName ?? "",
  };
}

function named(names: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(names.filter((name) => name !== undefined && name !== ""))] as string[];
}

/** Those made from a template are named in the pod's status. */
function resourceClaimsOf({ spec, status }: Pod): readonly (string | undefined)[] {
  const made = new Map((status.resourceClaimStatuses ?? []).map((claim) => [claim.name, claim.resourceClaimName]));
  return [
    ...(spec.resourceClaims ?? []).map(({ name, resourceClaimName }) => resourceClaimName ?? made.get(name)),
    status.extendedResourceClaimStatus?.resourceClaimName,
  ];
}

type WithEnv = Pick<Container, "env" | "envFrom">;

function secretsOfContainer(container: WithEnv): (string | undefined)[] {
  return [
    ...(container.env ?? []).map((env) => env.valueFrom?.secretKeyRef?.name),
    ...(container.envFrom ?? []).map((source) => source.secretRef?.name),
  ];
}

function configMapsOfContainer(container: WithEnv): (string | undefined)[] {
  return [
    ...(container.env ?? []).map((env) => env.valueFrom?.configMapKeyRef?.name),
    ...(container.envFrom ?? []).map((source) => source.configMapRef?.name),
  ];
}

function secretsOfVolume(volume: Volume): (string | undefined)[] {
  return [
    volume.secret?.secretName,
    ...(volume.projected?.sources ?? []).map((source) => source.secret?.name),
    volume.azureFile?.secretName,
    volume.csi?.nodePublishSecretRef?.name,
    volume.cephfs?.secretRef?.name,
    volume.cinder?.secretRef?.name,
    volume.flexVolume?.secretRef?.name,
    volume.iscsi?.secretRef?.name,
    volume.rbd?.secretRef?.name,
    volume.scaleIO?.secretRef?.name,
    volume.storageos?.secretRef?.name,
  ];
}

function configMapsOfVolume(volume: Volume): (string | undefined)[] {
  return [volume.configMap?.name, ...(volume.projected?.sources ?? []).map((source) => source.configMap?.name)];
}
