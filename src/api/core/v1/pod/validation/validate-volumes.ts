import { repeatedIndices } from "../../../../by-key.ts";
import type { FieldError } from "../../../../field-error.ts";
import { duplicate, forbidden, invalid, invalidFor, notSupported, required } from "../../../../field-error.ts";
import { validateLabels } from "../../../../meta/v1/validate-labels.ts";
import { dnsLabelProblems } from "../../../../names.ts";
import { quantityOf } from "../../../../quantity.ts";
import type { Struct } from "../../../../schema.ts";
import { validateClaimSpec } from "../../persistentvolumeclaim/validate-claim-spec.ts";
import type { NFSVolumeSource, PersistentVolumeClaimTemplate, Volume, VolumeSource } from "../volume.ts";
import { nfsVolumeSourceSchema, volumeSourceSchema } from "../volume.ts";
import { validateNoBacksteps } from "./validate-paths.ts";
import { validateDownwardFiles, validateItems, validateMode, validateProjected } from "./validate-projections.ts";

const HOST_PATH_TYPES = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

/** What is wrong with the volumes of a Pod. */
export function validateVolumes(volumes: readonly Volume[], path: string): FieldError[] {
  const repeated = repeatedIndices(volumes, ({ name }) => name);
  return volumes.flatMap((volume, index) => {
    const { name, ...source } = volume;
    const at = `${path}[${index}]`;
    return [
      ...validateSource(source, at),
      ...(name === "" ? [required(`${at}.name`)] : invalidFor(`${at}.name`, name, dnsLabelProblems(name))),
      ...(repeated.has(index) ? [duplicate(`${at}.name`, name)] : []),
    ];
  });
}

const SOURCE_NAMES = Object.keys(volumeSourceSchema.fields) as readonly (keyof VolumeSource)[];

function validateSource(source: VolumeSource, path: string): FieldError[] {
  const [chosen, ...others] = SOURCE_NAMES.filter((name) => source[name] !== undefined);
  if (chosen === undefined) return [required(path, "must specify a volume type")];
  return [
    ...validateChosen(source, chosen, `${path}.${chosen}`),
    ...others.map((name) => forbidden(`${path}.${name}`, "may not specify more than 1 volume type")),
  ];
}

function validateChosen(source: VolumeSource, chosen: keyof VolumeSource, path: string): FieldError[] {
  const { emptyDir, hostPath, configMap, secret, downwardAPI, projected, nfs } = source;
  switch (chosen) {
    case "emptyDir":
      return quantityOf(emptyDir?.sizeLimit).nanos < 0n
        ? [forbidden(`${path}.sizeLimit`, "SizeLimit field must be a valid resource quantity")]
        : [];
    case "hostPath":
      return hostPath === undefined ? [] : validateHostPath(hostPath, path);
    case "configMap":
      return [
        ...((configMap?.name ?? "") === "" ? [required(`${path}.name`)] : []),
        ...validateMode(configMap?.defaultMode, `${path}.defaultMode`),
        ...validateItems(configMap?.items ?? [], `${path}.items`),
      ];
    case "secret":
      return [
        ...((secret?.secretName ?? "") === "" ? [required(`${path}.secretName`)] : []),
        ...validateMode(secret?.defaultMode, `${path}.defaultMode`),
        ...validateItems(secret?.items ?? [], `${path}.items`),
      ];
    case "downwardAPI":
      return [
        ...validateMode(downwardAPI?.defaultMode, `${path}.defaultMode`),
        ...validateDownwardFiles(downwardAPI?.items ?? [], path),
      ];
    case "projected":
      return projected === undefined ? [] : validateProjected(projected, path);
    case "nfs":
      return nfs === undefined ? [] : validateNfs(nfs, path);
    case "ephemeral":
      return validateClaimTemplate(source.ephemeral?.volumeClaimTemplate, `${path}.volumeClaimTemplate`);
    default:
      return validateRequired(volumeSourceSchema.fields[chosen].schema, source[chosen], path);
  }
}

/** What is wrong with a directory of an NFS server. */
export function validateNfs(nfs: NFSVolumeSource, path: string): FieldError[] {
  return [
    ...validateRequired(nfsVolumeSourceSchema, nfs, path),
    ...(nfs.path.startsWith("/") ? [] : [invalid(`${path}.path`, nfs.path, "must be an absolute path")]),
  ];
}

/** A claim that is to be made for the pod. Its name is the system's. */
function validateClaimTemplate(template: PersistentVolumeClaimTemplate | undefined, path: string): FieldError[] {
  if (template === undefined) return [required(path)];
  return [
    ...validateLabels(template.metadata?.labels, `${path}.metadata.labels`),
    ...validateClaimSpec(template.spec, `${path}.spec`),
  ];
}

/** What is wrong with a directory or file of a node. */
export function validateHostPath(
  { path: file, type }: NonNullable<VolumeSource["hostPath"]>,
  path: string,
): FieldError[] {
  if (file === "") return [required(`${path}.path`)];
  return [
    ...validateNoBacksteps(file, `${path}.path`),
    ...(HOST_PATH_TYPES.includes(type) ? [] : [notSupported(`${path}.type`, type, HOST_PATH_TYPES)]),
  ];
}

/** Sources that are checked only for the presence of their required fields. */
export function validateRequired(schema: Struct, source: unknown, path: string): FieldError[] {
  const values = new Map(Object.entries(source ?? {}));
  return Object.entries(schema.fields)
    .filter(([name, field]) => field.options.required === true && isEmpty(values.get(name)))
    .map(([name]) => required(`${path}.${name}`));
}

function isEmpty(value: unknown): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0);
}
