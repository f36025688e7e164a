import { changedFields } from "../../../changed-fields.ts";
import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid } from "../../../field-error.ts";
import { compareQuantities, quantityOf } from "../../../quantity.ts";
import { CLASS_ANNOTATION } from "../persistentvolume/storage-class.ts";
import type { PersistentVolumeClaimSpec } from "../pod/persistentvolumeclaim-spec.ts";
import type { PersistentVolumeClaim } from "./persistentvolumeclaim-schema.ts";
import { validateClaimSpec } from "./validate-claim-spec.ts";

const IMMUTABLE =
  "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims";

/** What is wrong with a PersistentVolumeClaim. */
export function validatePersistentVolumeClaim(
  claim: PersistentVolumeClaim,
  previous?: PersistentVolumeClaim,
): FieldError[] {
  return [
    ...validateClaimSpec(claim.spec, "spec"),
    ...validateStatus(claim),
    ...(previous === undefined ? [] : validateUpdate(claim, previous)),
  ];
}

function validateStatus({ status: { capacity = {}, allocatedResources = {} } }: PersistentVolumeClaim): FieldError[] {
  return Object.entries({ capacity, allocatedResources }).flatMap(([field, amounts]) =>
    Object.entries(amounts).flatMap(([name, quantity]) =>
      quantityOf(quantity).nanos < 0n
        ? [invalid(`status.${field}[${name}]`, quantity, "must be a valid resource quantity")]
        : [],
    ),
  );
}

/** A claim stays what it was, but that it gets a volume once, and may ask for more of it. */
function validateUpdate(claim: PersistentVolumeClaim, previous: PersistentVolumeClaim): FieldError[] {
  const { spec } = claim;
  const changes = changedFields("spec", changeableUndone(claim, previous), previous.spec);
  const annotation = claim.metadata.annotations?.[CLASS_ANNOTATION];
  const attributesPath = "spec.volumeAttributesClassName";
  const hadAttributes = previous.spec.volumeAttributesClassName !== undefined;
  return [
    ...(annotation === previous.metadata.annotations?.[CLASS_ANNOTATION] || takesClassFromAnnotation(claim, previous)
      ? []
      : [invalid(`metadata.annotations.${CLASS_ANNOTATION}`, annotation ?? "", "field is immutable")]),
    ...(changes.length === 0 ? [] : [forbidden("spec", `${IMMUTABLE}\n${changes.join("\n")}`)]),
    ...validateShrinking(claim, previous),
    ...(spec.volumeMode === previous.spec.volumeMode
      ? []
      : [invalid("volumeMode", spec.volumeMode, "field is immutable")]),
    ...(hadAttributes && spec.volumeAttributesClassName === undefined
      ? [forbidden(attributesPath, "update from non-nil value to nil is forbidden")]
      : []),
    ...(hadAttributes && spec.volumeAttributesClassName === ""
      ? [forbidden(attributesPath, "update from non-nil value to an empty string is forbidden")]
      : []),
  ];
}

/** The new spec with all that may change set back. */
function changeableUndone(
  { spec, status, metadata }: PersistentVolumeClaim,
  previous: PersistentVolumeClaim,
): PersistentVolumeClaimSpec {
  const before = previous.spec;
  const storage = before.resources.requests?.storage;
  const mayGrow = status.phase === "Bound" && spec.resources.requests !== undefined && storage !== undefined;
  const mayGetClass = takesClassFromAnnotation({ spec, metadata }, previous) || getsClass(spec, previous);
  return {
    ...spec,
    volumeAttributesClassName: before.volumeAttributesClassName,
    ...((before.volumeName ?? "") === "" && { volumeName: before.volumeName }),
    ...(mayGetClass && { storageClassName: before.storageClassName }),
    ...(mayGrow && { resources: { ...spec.resources, requests: { ...spec.resources.requests, storage } } }),
  };
}

/** Whether the class moves from its old place, an annotation, into its field. */
function takesClassFromAnnotation(
  { spec, metadata }: Pick<PersistentVolumeClaim, "spec" | "metadata">,
  previous: PersistentVolumeClaim,
): boolean {
  const old = previous.metadata.annotations?.[CLASS_ANNOTATION];
  const annotation = metadata.annotations?.[CLASS_ANNOTATION];
  return (
    old !== undefined &&
    previous.spec.storageClassName === undefined &&
    spec.storageClassName === old &&
    (annotation === undefined || annotation === old)
  );
}

/** Whether a claim that named no class gets one: the default class, when there comes to be one. */
function getsClass(spec: PersistentVolumeClaimSpec, { spec: before, metadata }: PersistentVolumeClaim): boolean {
  const annotation = metadata.annotations?.[CLASS_ANNOTATION];
  return (
    before.storageClassName === undefined &&
    spec.storageClassName !== undefined &&
    (annotation === undefined || annotation === spec.storageClassName)
  );
}

/** Less may be asked for only after more was, and only down to what there is: volumes never shrink. */
function validateShrinking({ spec }: PersistentVolumeClaim, previous: PersistentVolumeClaim): FieldError[] {
  const [now, before] = [spec, previous.spec].map(({ resources }) => quantityOf(resources.requests?.storage));
  const there = quantityOf(previous.status.capacity?.storage);
  if (now === undefined || before === undefined || compareQuantities(now, before) >= 0) return [];
  if (compareQuantities(now, there) > 0) return [];
  return [forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")];
}
