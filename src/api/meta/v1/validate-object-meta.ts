import type { FieldError } from "../../field-error.ts";
import { forbidden, invalid, required, tooLong } from "../../field-error.ts";
import { goQuote } from "../../go-quote.ts";
import { validateImmutable } from "../../immutable.ts";
import type { Kind } from "../../kind.ts";
import { byteLength, dnsLabelProblems, isLonger, labelKeyProblems, prefixToCheck } from "../../names.ts";
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from "./object-meta.ts";
import { validateLabels } from "./validate-labels.ts";

/** The keys and values of all annotations together. */
const ANNOTATIONS_MAX_BYTES = 256 * 1024;

type NamedKind = Pick<Kind, "namespaced" | "validateName">;

/** What is wrong with the metadata of a new object, its name already generated. */
export function validateObjectMeta(meta: ObjectMeta, kind: NamedKind): FieldError[] {
  const generateName = meta.generateName ?? "";
  return [
    ...(generateName === "" ? [] : kind.validateName(prefixToCheck(generateName))).map((problem) =>
      invalid("metadata.generateName", generateName, problem),
    ),
    ...validateName(meta.name, kind),
    ...validateNamespace(meta.namespace ?? "", kind),
    ...((meta.generation ?? 0) < 0
      ? [invalid("metadata.generation", meta.generation, "must be greater than or equal to 0")]
      : []),
    ...validateParts(meta),
    ...validateFinalizers(meta.finalizers ?? []),
  ];
}

/** What is wrong with the metadata of a changed object, beside what is stored. */
export function validateObjectMetaUpdate(meta: ObjectMeta, previous: ObjectMeta): FieldError[] {
  const unchangeable = [
    "name",
    "namespace",
    "uid",
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
  ] as const;
  return [
    ...(previous.deletionTimestamp === undefined ? [] : validateNoNewFinalizers(meta, previous)),
    ...((meta.generation ?? 0) < (previous.generation ?? 0)
      ? [invalid("metadata.generation", meta.generation ?? 0, "must not be decremented")]
      : []),
    ...unchangeable.flatMap((name) => validateImmutable(meta[name], previous[name], `metadata.${name}`)),
    ...validateParts(meta),
  ];
}

function validateName(name: string | undefined, kind: NamedKind): FieldError[] {
  if (name === undefined || name === "") return [required("metadata.name", "name or generateName is required")];
  return kind.validateName(name).map((problem) => invalid("metadata.name", name, problem));
}

function validateNamespace(namespace: string, kind: NamedKind): FieldError[] {
  const path = "metadata.namespace";
  if (!kind.namespaced) return namespace === "" ? [] : [forbidden(path, "not allowed on this type")];
  if (namespace === "") return [required(path)];
  return dnsLabelProblems(namespace).map((problem) => invalid(path, namespace, problem));
}

/** What may be written on create and on update. */
function validateParts(meta: ObjectMeta): FieldError[] {
  return [
    ...validateLabels(meta.labels, "metadata.labels"),
    ...validateAnnotations(meta.annotations ?? {}, "metadata.annotations"),
    ...validateOwnerReferences(meta.ownerReferences ?? []),
    ...(meta.managedFields ?? []).flatMap((entry, index) =>
      validateManagedFields(entry, `metadata.managedFields[${index}]`),
    ),
  ];
}

/** Keys as those of labels, in any case; values are free, all together at most 256 KiB. */
export function validateAnnotations(annotations: Readonly<Record<string, string>>, path: string): FieldError[] {
  return [
    ...Object.keys(annotations).flatMap((key) =>
      labelKeyProblems(key.toLowerCase()).map((problem) => invalid(path, key, problem)),
    ),
    ...(annotationsFit(annotations) ? [] : [tooLong(path, ANNOTATIONS_MAX_BYTES)]),
  ];
}

/** Whether annotations are together no larger than 256 KiB. */
export function annotationsFit(annotations: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(annotations);
  return entries.reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(value), 0) <= ANNOTATIONS_MAX_BYTES;
}

function validateOwnerReferences(references: readonly OwnerReference[]): FieldError[] {
  const path = "metadata.ownerReferences";
  const controllers = references.filter((r) => r.controller === true).map((r) => `${r.kind}/${r.name}`);
  return [
    ...references.flatMap((reference) => validateOwnerReference(reference, path)),
    ...controllers
      .slice(1)
      .map((name) =>
        invalid(
          path,
          references,
          `Only one reference can have Controller set to true. Found "true" in references for ${controllers[0]} and ${name}`,
        ),
      ),
  ];
}

function validateOwnerReference({ apiVersion, kind, name, uid }: OwnerReference, path: string): FieldError[] {
  return [
    ...(apiVersion === "" ? [invalid(`${path}.apiVersion`, apiVersion, "version must not be empty")] : []),
    ...(kind === "" ? [invalid(`${path}.kind`, kind, "must not be empty")] : []),
    ...(name === "" ? [invalid(`${path}.name`, name, "must not be empty")] : []),
    ...(uid === "" ? [invalid(`${path}.uid`, uid, "must not be empty")] : []),
    ...(apiVersion === "v1" && kind === "Event"
      ? [invalid(path, { apiVersion, kind, name, uid }, "/v1, Kind=Event is disallowed from being an owner")]
      : []),
  ];
}

function validateFinalizers(finalizers: readonly string[]): FieldError[] {
  const path = "metadata.finalizers";
  const both = finalizers.includes("orphan") && finalizers.includes("foregroundDeletion");
  return [
    ...finalizers.flatMap((finalizer) =>
      labelKeyProblems(finalizer).map((problem) => invalid(path, finalizer, problem)),
    ),
    ...(both ? [invalid(path, finalizers, "finalizer orphan and foregroundDeletion cannot be both set")] : []),
  ];
}

function validateNoNewFinalizers(meta: ObjectMeta, previous: ObjectMeta): FieldError[] {
  const added = (meta.finalizers ?? []).filter((f) => !(previous.finalizers ?? []).includes(f)).sort();
  if (added.length === 0) return [];
  const shown = `[]string{${added.map((f) => goQuote(f)).join(", ")}}`;
  return [
    forbidden(
      "metadata.finalizers",
      `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`,
    ),
  ];
}

/** Checks one entry of `metadata.managedFields`. */
export function validateManagedFields(entry: ManagedFieldsEntry, path: string): FieldError[] {
  const { operation = "", fieldsType = "", manager = "", subresource = "" } = entry;
  return [
    ...(operation === "Apply" || operation === "Update"
      ? []
      : [invalid(`${path}.operation`, operation, "must be `Apply` or `Update`")]),
    ...(fieldsType === "" || fieldsType === "FieldsV1"
      ? []
      : [invalid(`${path}.fieldsType`, fieldsType, "must be `FieldsV1`")]),
    ...(isLonger(manager, 128) ? [tooLong(`${path}.manager`, 128)] : []),
    ...(isLonger(subresource, 256) ? [tooLong(`${path}.subresource`, 256)] : []),
  ];
}
