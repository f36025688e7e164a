import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Volume } from "@fairlead/api/core/v1/pod/volume";

/** Where programs in pods look for their credentials. */
const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
/** The name of the volume, before what makes it unique. */
export const TOKEN_VOLUME_PREFIX = "kube-api-access-";

/** The lifetime by which the API server knows tokens of this volume, and lets old programs use them for a year. */
export const AUTOMOUNTED_TOKEN_SECONDS = 3_607;

/**
 * The pod with the credentials of its service account in every container that has nothing else at their place.
 *
 * @param uniqueName - Used for the volume, unless the pod already has one.
 */
export function withTokenVolume(pod: Pod, uniqueName: string): Pod {
  const present = (pod.spec.volumes ?? []).find((volume) => volume.name.startsWith(TOKEN_VOLUME_PREFIX));
  const name = present?.name ?? uniqueName;
  const { initContainers, containers, volumes = [] } = pod.spec;
  const isNeeded = [...(initContainers ?? []), ...containers].some((container) => !hasMount(container));
  if (!isNeeded) return pod;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      ...(initContainers !== undefined && { initContainers: initContainers.map((one) => withMount(one, name)) }),
      containers: containers.map((one) => withMount(one, name)),
      volumes: present === undefined ? [...volumes, tokenVolume(name)] : volumes,
    },
  };
}

function hasMount(container: Container): boolean {
  return (container.volumeMounts ?? []).some((mount) => mount.mountPath === MOUNT_PATH);
}

function withMount(container: Container, name: string): Container {
  if (hasMount(container)) return container;
  const mount = { name, readOnly: true, mountPath: MOUNT_PATH };
  return { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] };
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      defaultMode: 0o644,
      sources: [
        { serviceAccountToken: { path: "token", expirationSeconds: AUTOMOUNTED_TOKEN_SECONDS } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
          },
        },
      ],
    },
  };
}
