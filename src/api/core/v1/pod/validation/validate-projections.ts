import type { FieldError } from "../../../../field-error.ts";
import { forbidden, invalid, required } from "../../../../field-error.ts";
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from "../volume.ts";
import { validateFieldRef, validateResourceFieldRef } from "./validate-downward.ts";
import { validateFilePath } from "./validate-paths.ts";

/** The fields of a Pod that a file may show. */
const FIELDS = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];
const TOKEN_MIN_SECONDS = 600;
const TOKEN_MAX_SECONDS = 2 ** 32;

/** What is wrong with the permissions of files. */
export function validateMode(mode: number | undefined, path: string): FieldError[] {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return [];
  return [invalid(path, mode, "must be a number between 0 and 0777 (octal), both inclusive")];
}

/** What is wrong with which keys become which files. */
export function validateItems(items: readonly KeyToPath[], path: string): FieldError[] {
  return items.flatMap(({ key, path: file, mode }, index) => {
    const at = `${path}[${index}]`;
    return [
      ...(key === "" ? [required(`${at}.key`)] : []),
      ...(file === "" ? [required(`${at}.path`)] : validateFilePath(file, `${at}.path`)),
      ...validateMode(mode, `${at}.mode`),
    ];
  });
}

/** What is wrong with files about the Pod itself. Upstream names the volume, not the file. */
export function validateDownwardFiles(files: readonly DownwardAPIVolumeFile[], path: string): FieldError[] {
  return files.flatMap((file) => {
    const { fieldRef, resourceFieldRef } = file;
    return [
      ...(file.path === "" ? [required(`${path}.path`)] : validateFilePath(file.path, `${path}.path`)),
      ...(fieldRef === undefined ? [] : validateFieldRef(fieldRef, FIELDS, `${path}.fieldRef`)),
      ...(fieldRef !== undefined && resourceFieldRef !== undefined
        ? [invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")]
        : []),
      ...(fieldRef === undefined && resourceFieldRef !== undefined
        ? validateResourceFieldRef(resourceFieldRef, true, `${path}.resourceFieldRef`)
        : []),
      ...(fieldRef === undefined && resourceFieldRef === undefined
        ? [required(path, "one of fieldRef and resourceFieldRef is required")]
        : []),
      ...validateMode(file.mode, `${path}.mode`),
    ];
  });
}

/** What is wrong with a volume that is put together from several sources. */
export function validateProjected({ sources = [], defaultMode }: ProjectedVolumeSource, path: string): FieldError[] {
  return [
    ...validateMode(defaultMode, `${path}.defaultMode`),
    ...sources.flatMap((source, index) => validateProjection(source, `${path}.sources[${index}]`)),
  ];
}

function validateProjection(source: VolumeProjection, path: string): FieldError[] {
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source;
  const [chosen, ...others] = Object.keys(source).filter(
    (name) => source[name as keyof VolumeProjection] !== undefined,
  );
  if (chosen === undefined) return [required(path, "must specify a volume type")];
  return [
    ...others.map((name) => forbidden(`${path}.${name}`, "may not specify more than 1 volume type")),
    ...(secret === undefined ? [] : validateNamed(secret, `${path}.secret`)),
    ...(configMap === undefined ? [] : validateNamed(configMap, `${path}.configMap`)),
    ...(downwardAPI === undefined ? [] : validateDownwardFiles(downwardAPI.items ?? [], `${path}.downwardAPI`)),
    ...(serviceAccountToken === undefined ? [] : validateToken(serviceAccountToken, `${path}.serviceAccountToken`)),
    ...(clusterTrustBundle?.path === "" ? [required(`${path}.clusterTrustBundle.path`)] : []),
    ...(podCertificate?.signerName === "" ? [required(`${path}.podCertificate.signerName`)] : []),
  ];
}

function validateNamed(
  { name = "", items = [] }: { readonly name?: string | undefined; readonly items?: readonly KeyToPath[] | undefined },
  path: string,
): FieldError[] {
  return [...(name === "" ? [required(`${path}.name`)] : []), ...validateItems(items, `${path}.items`)];
}

function validateToken({ path: file, expirationSeconds }: ServiceAccountTokenProjection, path: string): FieldError[] {
  return [
    ...(expirationSeconds < TOKEN_MIN_SECONDS
      ? [invalid(`${path}.expirationSeconds`, expirationSeconds, "may not specify a duration less than 10 minutes")]
      : []),
    ...(expirationSeconds > TOKEN_MAX_SECONDS
      ? [invalid(`${path}.expirationSeconds`, expirationSeconds, "may not specify a duration larger than 2^32 seconds")]
      : []),
    ...(file === "" ? [required(`${path}.path`)] : validateFilePath(file, `${path}.path`)),
  ];
}
