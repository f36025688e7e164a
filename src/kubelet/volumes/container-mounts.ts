import path from "node:path";
import type { VolumeMount } from "../../api/core/v1/pod/container.ts";
import { expand } from "../env/expand.ts";
import type { Mount } from "../runtime/pod-runtime.ts";
import type { AnyContainer } from "../sync/pod-state.ts";
import type { MountedVolumes } from "./mounted-volume.ts";
import { prepareSubPath } from "./sub-path.ts";
import { VolumeError } from "./volume-error.ts";

/**
 * Where the container's volumes are mounted from and to.
 *
 * @param volumes - Of {@link prepareVolumes}.
 * @param lookUp - The container's environment, for `subPathExpr`.
 * @throws {@link VolumeError} in upstream's words.
 */
export async function containerMounts(
  { name: container, volumeMounts = [] }: AnyContainer,
  volumes: MountedVolumes,
  lookUp: (name: string) => string | undefined,
): Promise<readonly Mount[]> {
  return Promise.all(
    volumeMounts.map(async (mount) => {
      const volume = volumes.get(mount.name);
      if (volume === undefined)
        throw new VolumeError(`volume ${mount.name} of the mount at ${mount.mountPath} is not in the pod`);
      return {
        hostPath: await mountSource(volume.path, mount, container, lookUp),
        containerPath: path.posix.resolve("/", mount.mountPath),
        readonly: mount.readOnly === true || volume.readOnly,
        propagation: propagationOf(mount),
      };
    }),
  );
}

function propagationOf({ mountPropagation }: VolumeMount): Mount["propagation"] {
  return mountPropagation === "HostToContainer" || mountPropagation === "Bidirectional" ? mountPropagation : "None";
}

/** The volume, or the part of it that the mount names. */
async function mountSource(
  volume: string,
  { name: volumeName, subPath = "", subPathExpr = "" }: VolumeMount,
  container: string,
  lookUp: (name: string) => string | undefined,
): Promise<string> {
  const inner = subPathExpr === "" ? subPath : expandPath(subPathExpr, lookUp);
  return inner === "" ? volume : prepareSubPath(volume, inner, { container, volumeName });
}

/** Without a value the path would be another than was meant, and might be that of other pods. */
function expandPath(expression: string, lookUp: (name: string) => string | undefined): string {
  const missing = new Set<string>();
  const expanded = expand(expression, (name) => {
    const value = lookUp(name) ?? "";
    if (value === "") missing.add(name);
    return value;
  });
  if (missing.size > 0) throw new VolumeError(`missing value for ${[...missing].sort().join(", ")}`);
  return expanded;
}
