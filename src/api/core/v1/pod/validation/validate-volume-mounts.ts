import { firstByKey, repeatedIndices } from "../../../../by-key.ts";
import type { FieldError } from "../../../../field-error.ts";
import { forbidden, invalid, notFound, notSupported, required } from "../../../../field-error.ts";
import type { Container, EphemeralContainer, VolumeMount } from "../container.ts";
import type { Volume } from "../volume.ts";
import { validateNoBacksteps, validateRelativePath } from "./validate-paths.ts";

const PROPAGATIONS = ["Bidirectional", "HostToContainer", "None"];
const RECURSIVE_READ_ONLY = ["Disabled", "Enabled", "IfPossible"];

/** A container of any sort. */
type AnyContainer = Container | EphemeralContainer;

/** What is wrong with where a container has its volumes. */
export function validateVolumeMounts(container: AnyContainer, volumes: readonly Volume[], path: string): FieldError[] {
  const { volumeMounts = [], volumeDevices = [] } = container;
  const volumeOf = firstByKey(volumes, ({ name }) => name);
  const devices = new Set(volumeDevices.map(({ name }) => name));
  const repeated = repeatedIndices(volumeMounts, ({ mountPath }) => mountPath);
  return volumeMounts.flatMap((mount, index) => {
    const at = `${path}[${index}]`;
    return [
      ...(mount.name === "" ? [required(`${at}.name`)] : []),
      ...(volumeOf.has(mount.name) ? [] : [notFound(`${at}.name`, mount.name)]),
      ...(mount.mountPath === "" ? [required(`${at}.mountPath`)] : []),
      ...(repeated.has(index) ? [invalid(`${at}.mountPath`, mount.mountPath, "must be unique")] : []),
      ...(devices.has(mount.name)
        ? [invalid(`${at}.name`, mount.name, "must not already exist in volumeDevices")]
        : []),
      ...validateSubPath(mount, path, at),
      ...validateMode(mount, container, path),
    ];
  });
}

/** Upstream names the list, not the mount, in some of these. */
function validateSubPath(
  { subPath = "", subPathExpr = "" }: VolumeMount,
  listPath: string,
  path: string,
): FieldError[] {
  return [
    ...(subPath === "" ? [] : validateRelativePath(subPath, `${listPath}.subPath`)),
    ...(subPath !== "" && subPathExpr !== ""
      ? [invalid(`${path}.subPathExpr`, subPathExpr, "subPathExpr and subPath are mutually exclusive")]
      : []),
    ...(subPathExpr === "" ? [] : validateRelativePath(subPathExpr, `${listPath}.subPathExpr`)),
  ];
}

function validateMode(mount: VolumeMount, container: AnyContainer, path: string): FieldError[] {
  const { mountPropagation, recursiveReadOnly } = mount;
  const isPrivileged = container.securityContext?.privileged === true;
  return [
    ...validateChoice(mountPropagation, PROPAGATIONS, `${path}.mountPropagation`),
    ...(mountPropagation === "Bidirectional" && !isPrivileged
      ? [
          forbidden(
            `${path}.mountPropagation`,
            "Bidirectional mount propagation is available only to privileged containers",
          ),
        ]
      : []),
    ...validateChoice(recursiveReadOnly, RECURSIVE_READ_ONLY, `${path}.recursiveReadOnly`),
  ];
}

function validateChoice(value: string | undefined, supported: readonly string[], path: string): FieldError[] {
  return value === undefined || supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

/** What is wrong with the block devices of a container. */
export function validateVolumeDevices(container: AnyContainer, volumes: readonly Volume[], path: string): FieldError[] {
  const devices = container.volumeDevices ?? [];
  const volumeOf = firstByKey(volumes, (volume) => volume.name);
  const repeated = repeatedIndices(devices, (device) => device.name);
  return devices.flatMap(({ name, devicePath }, index) => {
    const at = `${path}[${index}]`;
    const volume = volumeOf.get(name);
    const isClaim = volume?.persistentVolumeClaim !== undefined || volume?.ephemeral !== undefined;
    return [
      ...(name === "" ? [required(`${at}.name`)] : []),
      ...(repeated.has(index) ? [invalid(`${at}.name`, name, "must be unique")] : []),
      ...(volume !== undefined && !isClaim
        ? [
            invalid(
              `${at}.name`,
              name,
              "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode",
            ),
          ]
        : []),
      ...(volume === undefined ? [notFound(`${at}.name`, name)] : []),
      ...(devicePath === "" ? [required(`${at}.devicePath`)] : validateNoBacksteps(devicePath, `${at}.devicePath`)),
    ];
  });
}
