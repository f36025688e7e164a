import { deepEqual } from "../../../deep-equal.ts";
import type { FieldError } from "../../../field-error.ts";
import { invalid, invalidFor, required } from "../../../field-error.ts";
import { validateLabelSelector } from "../../../meta/v1/validate-labels.ts";
import { dnsLabelProblems, dnsSubdomainProblems } from "../../../names.ts";
import { quantityOf } from "../../../quantity.ts";
import { validateAccessModes, validateVolumeMode } from "../persistentvolume/validate-access-modes.ts";
import type { PersistentVolumeClaimSpec } from "../pod/persistentvolumeclaim-spec.ts";

type DataSource = NonNullable<PersistentVolumeClaimSpec["dataSource"]>;

/** What is wrong with what a claim asks for. */
export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const { storageClassName = "", volumeAttributesClassName = "" } = spec;
  const classNames = { storageClassName, volumeAttributesClassName };
  return [
    ...validateAccessModes(spec.accessModes ?? [], `${path}.accessModes`, "at least 1 access mode is required"),
    ...validateLabelSelector(spec.selector, `${path}.selector`),
    ...validateSize(spec.resources.requests?.storage, `${path}.resources[storage]`),
    ...Object.entries(classNames).flatMap(([name, value]) =>
      value === "" ? [] : invalidFor(`${path}.${name}`, value, dnsSubdomainProblems(value)),
    ),
    ...validateVolumeMode(spec.volumeMode, `${path}.volumeMode`),
    ...validateDataSources(spec, path),
  ];
}

function validateSize(storage: string | undefined, path: string): FieldError[] {
  if (storage === undefined) return [required(path)];
  return quantityOf(storage).nanos > 0n ? [] : [invalid(path, storage, "must be greater than zero")];
}

function validateDataSources({ dataSource, dataSourceRef }: PersistentVolumeClaimSpec, path: string): FieldError[] {
  const namespace = dataSourceRef?.namespace ?? "";
  const named = dataSourceRef && withoutNamespace(dataSourceRef);
  const isBoth = dataSource !== undefined && named !== undefined;
  return [
    ...(dataSource === undefined ? [] : validateDataSource(dataSource, `${path}.dataSource`)),
    ...(named === undefined ? [] : validateDataSource(named, `${path}.dataSourceRef`)),
    ...(namespace === "" ? [] : invalidFor(`${path}.dataSourceRef.namespace`, namespace, dnsLabelProblems(namespace))),
    ...(isBoth && namespace !== ""
      ? [invalid(path, `${path}.dataSource`, "may not be specified when dataSourceRef.namespace is specified")]
      : []),
    ...(isBoth && namespace === "" && !deepEqual(dataSource, named)
      ? [invalid(path, `${path}.dataSource`, "must match dataSourceRef")]
      : []),
  ];
}

function withoutNamespace({
  apiGroup,
  kind,
  name,
}: NonNullable<PersistentVolumeClaimSpec["dataSourceRef"]>): DataSource {
  return { apiGroup, kind, name };
}

function validateDataSource({ apiGroup = "", kind, name }: DataSource, path: string): FieldError[] {
  return [
    ...(name === "" ? [required(`${path}.name`)] : []),
    ...(kind === "" ? [required(`${path}.kind`)] : []),
    ...(apiGroup === "" && kind !== "PersistentVolumeClaim"
      ? [invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup")]
      : []),
    ...(apiGroup === "" ? [] : invalidFor(`${path}.apiGroup`, apiGroup, dnsSubdomainProblems(apiGroup))),
  ];
}
