import path from "node:path";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { type PodClaim, podClaim } from "@fairlead/api/core/v1/pod/pod-claims";
import type { Volume, VolumeProjection } from "@fairlead/api/core/v1/pod/volume";
import type { PodAddresses } from "../env/field-value.ts";
import type { PodObjects } from "../objects/pod-objects.ts";
import { allContainers } from "../sync/pod-state.ts";
import { prepareEmptyDir } from "./empty-dir.ts";
import type { VolumeFolder } from "./folder-mode.ts";
import { fsGroupOf } from "./fs-group.ts";
import { prepareHostPath } from "./host-path.ts";
import type { MountedVolume, MountedVolumes } from "./mounted-volume.ts";
import type { Payload } from "./payload.ts";
import { configMapPayload, downwardPayload, secretPayload } from "./payload.ts";
import type { ClaimSource } from "./persistent/claim-source.ts";
import { preparePersistentVolume } from "./persistent/prepare-persistent-volume.ts";
import type { PodPaths } from "./pod-paths.ts";
import { tokenOwnership } from "./token-ownership.ts";
import type { TokenSource } from "./token-source.ts";
import { VolumeError } from "./volume-error.ts";
import { writePayload } from "./write-payload.ts";

/** What volumes are made of, and where. */
export interface VolumeSources {
  readonly paths: PodPaths;
  readonly objects: PodObjects;
  readonly tokens: TokenSource;
  readonly claims: ClaimSource;
  readonly addresses: PodAddresses;
  /** The node's allocatable resources. */
  readonly allocatable: Readonly<Record<string, string>>;
  /** Reports to the pod's owner a problem with which a volume can still be used. */
  readonly warn: (reason: string, message: string) => void;
}

/**
 * Makes the volumes that the pod's containers mount, or brings them up to date: may be called at any time, also while containers use them.
 *
 * @throws {@link VolumeError} for what is missing, broken or not supported, once nothing is being made any more: the
 *   caller may try again, or take the pod's files away.
 */
export async function prepareVolumes(pod: Pod, sources: VolumeSources): Promise<MountedVolumes> {
  const outcomes = await Promise.allSettled(
    mountedVolumes(pod).map(async (volume): Promise<readonly [string, MountedVolume]> => {
      const { name } = volume;
      const claim = podClaim(pod, volume);
      // Speaks of the volume behind the claim when something is wrong.
      if (claim !== undefined) return [name, await prepareClaimed(pod, claim, sources)];
      try {
        return [name, { path: await prepareVolume(pod, volume, sources), readOnly: isWrittenHere(volume) }];
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new VolumeError(`MountVolume.SetUp failed for volume "${name}" : ${why}`, { cause: error });
      }
    }),
  );
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return new Map(outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : [])));
}

/** As upstream: what no container mounts is not made, and its absence keeps no container from starting. */
function mountedVolumes(pod: Pod): readonly Volume[] {
  const mounted = new Set(
    allContainers(pod).flatMap(({ container }) => (container.volumeMounts ?? []).map(({ name }) => name)),
  );
  return (pod.spec.volumes ?? []).filter(({ name }) => mounted.has(name));
}

/** Whether its files are made from objects: what a container wrote into them would be lost. As upstream. */
function isWrittenHere({ configMap, secret, downwardAPI, projected }: Volume): boolean {
  return [configMap, secret, downwardAPI, projected].some((source) => source !== undefined);
}

async function prepareClaimed(
  pod: Pod,
  claim: PodClaim,
  { claims, paths, warn }: VolumeSources,
): Promise<MountedVolume> {
  const { readOnly } = claim;
  const volume = await claims.volumeOf(pod, claim);
  return { path: await preparePersistentVolume(volume, { pod, paths, readOnly, warn }), readOnly };
}

async function prepareVolume(pod: Pod, volume: Volume, sources: VolumeSources): Promise<string> {
  const { name, emptyDir, hostPath, configMap, secret, projected, downwardAPI } = volume;
  const { paths, objects } = sources;
  const fsGroup = fsGroupOf(pod);
  if (hostPath !== undefined) return prepareHostPath(hostPath);
  if (emptyDir !== undefined)
    return prepareEmptyDir(pod, emptyDir, { ...sources, folder: paths.volume("empty-dir", name) });
  if (configMap !== undefined) {
    const selection = { kind: "configmap" as const, ...keySelection(configMap), mode: configMap.defaultMode };
    const payload = configMapPayload(objects.configMaps.get(selection.name), selection);
    return write(paths.volume("configmap", name), payload, { inMemory: false, fsGroup });
  }
  if (secret !== undefined) {
    const { secretName, defaultMode } = secret;
    const selection = {
      kind: "secret" as const,
      ...keySelection({ ...secret, name: secretName }),
      mode: defaultMode,
    };
    const payload = secretPayload(objects.secrets.get(selection.name), selection);
    return write(paths.volume("secret", name), payload, { inMemory: true, fsGroup });
  }
  if (downwardAPI !== undefined) {
    const payload = downwardPayload(pod, downwardAPI.items ?? [], { ...sources, mode: downwardAPI.defaultMode });
    return write(paths.volume("downward-api", name), payload, { inMemory: true, fsGroup });
  }
  if (projected !== undefined) {
    const { defaultMode: mode, sources: parts = [] } = projected;
    const payloads = await Promise.all(parts.map((part) => projectedPayload(pod, part, mode, sources)));
    const payload = new Map(payloads.flatMap((part) => [...part]));
    return write(paths.volume("projected", name), payload, { inMemory: true, fsGroup });
  }
  const [kind = "of no kind"] = Object.keys(volume).filter((key) => key !== "name");
  throw new VolumeError(`volumes of type ${kind} are not supported`);
}

async function projectedPayload(
  pod: Pod,
  { configMap, secret, downwardAPI, serviceAccountToken, ...other }: VolumeProjection,
  mode: number,
  { objects, tokens, addresses, allocatable }: VolumeSources,
): Promise<Payload> {
  if (configMap !== undefined) {
    const selection = { kind: "configmap" as const, ...keySelection(configMap), mode };
    return configMapPayload(objects.configMaps.get(selection.name), selection);
  }
  if (secret !== undefined) {
    const selection = { kind: "secret" as const, ...keySelection(secret), mode };
    return secretPayload(objects.secrets.get(selection.name), selection);
  }
  if (downwardAPI !== undefined) return downwardPayload(pod, downwardAPI.items ?? [], { mode, addresses, allocatable });
  if (serviceAccountToken !== undefined) {
    const data = new TextEncoder().encode(await tokens.token(pod, serviceAccountToken));
    return new Map([[serviceAccountToken.path, { data, ...tokenOwnership(pod, mode) }]]);
  }
  throw new VolumeError(`projected volume sources of type ${Object.keys(other)[0] ?? "unknown"} are not supported`);
}

function keySelection({
  name = "",
  items,
  optional = false,
}: Pick<NonNullable<Volume["configMap"]>, "name" | "items" | "optional">) {
  return { name, items, optional };
}

async function write(folder: string, payload: Payload, volume: VolumeFolder): Promise<string> {
  for (const file of payload.keys()) {
    // Names with two dots are those of the folder itself.
    if (file.startsWith("/") || file.split("/").includes("..") || path.normalize(file).startsWith(".."))
      throw new VolumeError(`the path ${file} leads out of the volume`);
  }
  await writePayload(folder, payload, volume);
  return folder;
}
