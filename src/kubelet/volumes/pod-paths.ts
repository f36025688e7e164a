/** Where the files of one pod lie, as upstream lays them out under the kubelet's folder. */
export interface PodPaths {
  readonly pod: string;
  readonly hosts: string;
  /** What the kubelet must know of the pod after it was restarted. */
  readonly record: string;
  /** `kind` is upstream's name of the volume plugin: `empty-dir`, `configmap`, ... */
  volume(kind: string, name: string): string;
  /** Where the part of a volume is mounted that a container mounts; `index` counts the container's mounts. */
  subPath(volume: string, container: string, index: number): string;
  /** Holds the termination message files of a container. */
  container(name: string): string;
}

/** @param rootDir - The kubelet's own folder; upstream's is `/var/lib/kubelet`. */
export function podPaths(rootDir: string, uid: string): PodPaths {
  const pod = `${rootDir}/pods/${uid}`;
  return {
    pod,
    hosts: `${pod}/etc-hosts`,
    record: `${pod}/record.json`,
    volume: (kind, name) => `${pod}/volumes/kubernetes.io~${kind}/${name}`,
    subPath: (volume, container, index) => `${subPathsFolder(pod)}/${volume}/${container}/${index}`,
    container: (name) => `${pod}/containers/${name}`,
  };
}

/** The folder of a pod's log files under the logs' root. */
export function podLogFolder(
  podLogsDir: string,
  { namespace, name, uid }: { readonly namespace?: string | undefined; readonly name: string; readonly uid: string },
): string {
  return `${podLogsDir}/${namespace}_${name}_${uid}`;
}

/** Holds the mounts of a pod's {@link PodPaths.subPath}. */
export function subPathsFolder(pod: string): string {
  return `${pod}/volume-subpaths`;
}
