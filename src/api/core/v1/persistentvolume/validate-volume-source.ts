import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, invalidFor, required, tooLong } from "../../../field-error.ts";
import { byteLength, dnsSubdomainProblems, rangeProblems } from "../../../names.ts";
import { validateNoBacksteps } from "../pod/validation/validate-paths.ts";
import { validateHostPath, validateNfs, validateRequired } from "../pod/validation/validate-volumes.ts";
import type { SecretReference } from "../references.ts";
import type { CSIPersistentVolumeSource, LocalVolumeSource, PersistentVolumeSource } from "./volume-sources.ts";
import { persistentVolumeSourceSchema, sourceNames } from "./volume-sources.ts";

const DRIVER_NAME_MAX = 63;

/** What is wrong with where a volume's contents are. */
export function validateVolumeSource(source: PersistentVolumeSource, path: string): FieldError[] {
  const [chosen, ...others] = sourceNames(source);
  if (chosen === undefined) return [required(path, "must specify a volume type")];
  return [
    ...validateChosen(source, chosen, `${path}.${chosen}`),
    ...others.map((name) => forbidden(`${path}.${name}`, "may not specify more than 1 volume type")),
  ];
}

/** Of what no driver is here for, only the presence of what it needs is checked. */
function validateChosen(source: PersistentVolumeSource, chosen: keyof PersistentVolumeSource, path: string) {
  const { hostPath, local, nfs, csi, cinder, iscsi, fc } = source;
  if (hostPath !== undefined) return validateHostPath(hostPath, path);
  if (local !== undefined) return validateLocal(local, path);
  if (nfs !== undefined) return validateNfs(nfs, path);
  if (csi !== undefined) return validateCsi(csi, path);
  return [
    ...validateRequired(persistentVolumeSourceSchema.fields[chosen].schema, source[chosen], path),
    ...validateSecret(cinder?.secretRef, `${path}.secretRef`),
    ...(iscsi === undefined ? [] : invalidFor(`${path}.lun`, iscsi.lun, rangeProblems(iscsi.lun, 0, 255))),
    ...(fc !== undefined && (fc.targetWWNs ?? []).length === 0 && (fc.wwids ?? []).length === 0
      ? [required(`${path}.targetWWNs`, "must specify either targetWWNs or wwids, but not both")]
      : []),
  ];
}

function validateLocal({ path: folder }: LocalVolumeSource, path: string): FieldError[] {
  return folder === "" ? [required(`${path}.path`)] : validateNoBacksteps(folder, `${path}.path`);
}

function validateCsi(csi: CSIPersistentVolumeSource, path: string): FieldError[] {
  const { driver, volumeHandle } = csi;
  const secrets = [
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
    "nodeStageSecretRef",
  ] as const;
  return [
    ...(driver === "" ? [required(`${path}.driver`)] : validateDriverName(driver, `${path}.driver`)),
    ...(volumeHandle === "" ? [required(`${path}.volumeHandle`)] : []),
    ...secrets.flatMap((name) => validateSecret(csi[name], `${path}.${name}`)),
  ];
}

function validateDriverName(driver: string, path: string): FieldError[] {
  return [
    ...(byteLength(driver) > DRIVER_NAME_MAX ? [tooLong(path, DRIVER_NAME_MAX)] : []),
    ...dnsSubdomainProblems(driver.toLowerCase()).map((problem) => invalid(path, driver, problem)),
  ];
}

function validateSecret(reference: SecretReference | undefined, path: string): FieldError[] {
  if (reference === undefined) return [];
  return [
    ...((reference.name ?? "") === "" ? [required(`${path}.name`)] : []),
    ...((reference.namespace ?? "") === "" ? [required(`${path}.namespace`)] : []),
  ];
}
