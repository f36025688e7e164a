import { mkdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import type { VolumeMount } from "../../api/core/v1/pod/container.ts";
import { expand } from "../env/expand.ts";
import type { Mount } from "../runtime/pod-runtime.ts";
import type { AnyContainer } from "../sync/pod-state.ts";
import type { MountedVolumes } from "./mounted-volume.ts";
import { VolumeError } from "./volume-error.ts";

/**
 * Where the container's volumes are mounted from and to.
 *
 * @param volumes - Of {@link prepareVolumes}.
 * @param lookUp - The container's environment, for `subPathExpr`.
 */
export async function containerMounts(
  { volumeMounts = [] }: AnyContainer,
  volumes: MountedVolumes,
  lookUp: (name: string) => string | undefined,
): Promise<readonly Mount[]> {
  return Promise.all(
    volumeMounts.map(async (mount) => {
      const volume = volumes.get(mount.name);
      if (volume === undefined)
        throw new VolumeError(`volume ${mount.name} of the mount at ${mount.mountPath} is not in the pod`);
      return {
        hostPath: await mountSource(volume.path, mount, lookUp),
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

/** The volume, or the part of it that `subPath` names; which must not lead out of it, not even through a link. */
async function mountSource(
  volume: string,
  { subPath = "", subPathExpr = "" }: VolumeMount,
  lookUp: (name: string) => string | undefined,
): Promise<string> {
  const inner = subPathExpr === "" ? subPath : expand(subPathExpr, lookUp);
  if (inner === "") return volume;
  if (inner.startsWith("/") || inner.split("/").includes(".."))
    throw new VolumeError(`subPath ${inner} must be relative and must not contain '..'`);

  const wanted = path.join(volume, inner);
  if (
    !(await stat(wanted).then(
      () => true,
      () => false,
    ))
  )
    await mkdir(wanted, { recursive: true, mode: 0o755 });
  const [root, real] = await Promise.all([realpath(volume), realpath(wanted)]);
  if (real !== root && !real.startsWith(`${root}/`)) throw new VolumeError(`subPath ${inner} leads out of the volume`);
  return real;
}
