import path from "node:path";
import type { VolumeMount } from "@fairlead/api/core/v1/pod/container";
import { settleAll } from "@fairlead/lib/settle-all";
import { expand } from "../env/expand.ts";
import type { Mount } from "../runtime/pod-runtime.ts";
import type { AnyContainer } from "../sync/pod-state.ts";
import { bindSubPath } from "./bind-sub-path.ts";
import type { MountedVolumes } from "./mounted-volume.ts";
import type { PodPaths } from "./pod-paths.ts";
import { openSubPath, PREPARE, subPathRefusal } from "./sub-path.ts";
import { VolumeError } from "./volume-error.ts";

/** What a container's mounts are made with. */
export interface MountMaking {
  readonly paths: Pick<PodPaths, "subPath">;
  /** Returns a variable of the container's environment, for `subPathExpr`. */
  readonly lookUp: (name: string) => string | undefined;
  /** Default: {@link bindSubPath}. */
  readonly bind?: typeof bindSubPath;
}

/**
 * Where the container's volumes are mounted from and to. Parts of volumes are mounted below the pod's folder first.
 *
 * @param volumes - Of {@link prepareVolumes}.
 * @throws {@link VolumeError} in upstream's words, once nothing is being mounted any more.
 */
export async function containerMounts(
  { name: container, volumeMounts = [] }: AnyContainer,
  volumes: MountedVolumes,
  making: MountMaking,
): Promise<readonly Mount[]> {
  return settleAll(
    volumeMounts.map(async (mount, index) => {
      const volume = volumes.get(mount.name);
      if (volume === undefined)
        throw new VolumeError(`volume ${mount.name} of the mount at ${mount.mountPath} is not in the pod`);
      const inner = innerPath(mount, making.lookUp);
      return {
        hostPath: inner === "" ? volume.path : await mountPart(volume.path, inner, { container, mount, index }, making),
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

/** Returns the path of the wanted part in the volume; empty for the whole volume. */
function innerPath({ subPath = "", subPathExpr = "" }: VolumeMount, lookUp: MountMaking["lookUp"]): string {
  return subPathExpr === "" ? subPath : expandPath(subPathExpr, lookUp);
}

/** Mounts the part of the volume at a path that no container can write to, and returns that path. */
async function mountPart(
  volume: string,
  inner: string,
  { container, mount, index }: { readonly container: string; readonly mount: VolumeMount; readonly index: number },
  { paths, bind = bindSubPath }: MountMaking,
): Promise<string> {
  const use = { container, volumeName: mount.name };
  await using opened = await openSubPath(volume, inner, use);
  const target = paths.subPath(mount.name, container, index);
  try {
    await bind(opened, target);
  } catch (error) {
    throw subPathRefusal(PREPARE, use, error);
  }
  return target;
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
