import { changedFields } from "../../../changed-fields.ts";
import { deepEqual } from "../../../deep-equal.ts";
import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, invalidFor, notSupported, required } from "../../../field-error.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { quantityOf } from "../../../quantity.ts";
import { validateNodeSelector } from "../pod/validation/validate-affinity.ts";
import type { PersistentVolume, PersistentVolumeSpec, VolumeNodeAffinity } from "./persistentvolume-schema.ts";
import { validateAccessModes, validateVolumeMode } from "./validate-access-modes.ts";
import { validateVolumeSource } from "./validate-volume-source.ts";
import type { PersistentVolumeSource } from "./volume-sources.ts";
import { SOURCE_NAMES } from "./volume-sources.ts";

const RECLAIM_POLICIES = ["Delete", "Recycle", "Retain"];

/** What is wrong with a PersistentVolume. */
export function validatePersistentVolume({ spec }: PersistentVolume, previous?: PersistentVolume): FieldError[] {
  return [
    ...validateAccessModes(spec.accessModes ?? [], "spec.accessModes"),
    ...validateCapacity(spec.capacity ?? {}),
    ...validateReclaimPolicy(spec),
    ...(spec.nodeAffinity === undefined ? [] : validateNodeAffinity(spec.nodeAffinity)),
    ...validateVolumeSource(spec, "spec"),
    ...(spec.local !== undefined && spec.nodeAffinity === undefined
      ? [required("spec.nodeAffinity", "Local volume requires node affinity")]
      : []),
    ...invalidFor("spec.storageClassName", spec.storageClassName, classProblems(spec.storageClassName)),
    ...validateVolumeMode(spec.volumeMode, "spec.volumeMode"),
    ...validateAttributesClass(spec),
    ...(previous === undefined ? [] : validateUpdate(spec, previous.spec)),
  ];
}

/** What is wrong with the name of a class, if there is one. */
export function classProblems(name: string | undefined): string[] {
  return name === undefined || name === "" ? [] : dnsSubdomainProblems(name);
}

function validateCapacity(capacity: NonNullable<PersistentVolumeSpec["capacity"]>): FieldError[] {
  const path = "spec.capacity";
  const names = Object.keys(capacity);
  return [
    ...(names.length === 0 ? [required(path)] : []),
    ...(names.length === 1 && names[0] === "storage" ? [] : [notSupported(path, capacity, ["storage"])]),
    ...Object.entries(capacity).flatMap(([name, quantity]) => validatePositive(quantity, `${path}[${name}]`)),
  ];
}

/** What is wrong with an amount of storage that must be more than nothing. */
export function validatePositive(quantity: string, path: string): FieldError[] {
  const { nanos } = quantityOf(quantity);
  return [
    ...(nanos < 0n ? [invalid(path, quantity, "must be a valid resource quantity")] : []),
    ...(nanos <= 0n ? [invalid(path, quantity, "must be greater than zero")] : []),
  ];
}

function validateReclaimPolicy({ persistentVolumeReclaimPolicy: policy, hostPath }: PersistentVolumeSpec) {
  const path = "spec.persistentVolumeReclaimPolicy";
  const isRoot = hostPath !== undefined && /^\/[/.]*$/.test(hostPath.path);
  return [
    ...(RECLAIM_POLICIES.includes(policy) ? [] : [notSupported(path, policy, RECLAIM_POLICIES)]),
    ...(isRoot && policy === "Recycle" ? [forbidden(path, "may not be 'recycle' for a hostPath mount of '/'")] : []),
  ];
}

function validateNodeAffinity({ required: nodes }: VolumeNodeAffinity): FieldError[] {
  const path = "spec.nodeAffinity.required";
  return nodes === undefined
    ? [required(path, "must specify required node constraints")]
    : validateNodeSelector(nodes, path);
}

function validateAttributesClass({ volumeAttributesClassName: name, csi }: PersistentVolumeSpec): FieldError[] {
  const path = "spec.volumeAttributesClassName";
  if (name === undefined) return [];
  return [
    ...(name === "" ? [required(path, "an empty string is disallowed")] : invalidFor(path, name, classProblems(name))),
    ...(csi === undefined ? [required("spec.csi", "has to be specified when using volumeAttributesClassName")] : []),
  ];
}

/** The source of a volume is immutable; its claim and its reclaim policy are not. */
function validateUpdate(spec: PersistentVolumeSpec, previous: PersistentVolumeSpec): FieldError[] {
  const source = sourceOf(withSecretOf(spec, previous));
  const changes = changedFields("spec", source, sourceOf(previous));
  const attributesPath = "spec.volumeAttributesClassName";
  return [
    ...(changes.length === 0
      ? []
      : [
          forbidden(
            "spec.persistentvolumesource",
            `spec.persistentvolumesource is immutable after creation\n${changes.join("\n")}`,
          ),
        ]),
    ...(spec.volumeMode === previous.volumeMode ? [] : [invalid("volumeMode", spec.volumeMode, "field is immutable")]),
    ...(previous.nodeAffinity === undefined || deepEqual(spec.nodeAffinity, previous.nodeAffinity)
      ? []
      : [invalid("nodeAffinity", spec.nodeAffinity ?? null, "field is immutable")]),
    ...(previous.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined
      ? [forbidden(attributesPath, "update from non-nil value to nil is forbidden")]
      : []),
  ];
}

function sourceOf(spec: PersistentVolumeSpec): PersistentVolumeSource {
  return Object.fromEntries(SOURCE_NAMES.flatMap((name) => (spec[name] === undefined ? [] : [[name, spec[name]]])));
}

/** The one part of a source that may be added later: the Secret with which a CSI driver makes a volume larger. */
function withSecretOf(spec: PersistentVolumeSpec, previous: PersistentVolumeSpec): PersistentVolumeSpec {
  if (spec.csi === undefined || previous.csi === undefined) return spec;
  if (previous.csi.controllerExpandSecretRef !== undefined) return spec;
  return { ...spec, csi: { ...spec.csi, controllerExpandSecretRef: undefined } };
}
