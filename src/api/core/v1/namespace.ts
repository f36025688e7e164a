import { ageColumn, column, nameColumn } from "../../columns.ts";
import type { FieldError } from "../../field-error.ts";
import { invalid, invalidFor } from "../../field-error.ts";
import { defineKind, STORED_VERBS } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { dnsLabelProblems, labelKeyProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, list, oneOf, struct, t } from "../../schema.ts";
import { namespaceWarnings } from "./namespace/namespace-warnings.ts";

export const namespaceSpecSchema = struct(
  "io.k8s.api.core.v1.NamespaceSpec",
  "What keeps the namespace from going away.",
  {
    finalizers: field(1, list(t.string), "Who has to agree before the namespace is gone."),
  },
);
export type NamespaceSpec = Infer<typeof namespaceSpecSchema>;

export const namespaceConditionSchema = struct(
  "io.k8s.api.core.v1.NamespaceCondition",
  "Something that holds of a namespace.",
  {
    type: field(1, t.string, "What the condition is about.", { required: true }),
    status: field(2, oneOf("True", "False", "Unknown"), "True, False or Unknown.", { required: true }),
    lastTransitionTime: field(4, t.time, "When the status last changed."),
    reason: field(5, t.string, "One word, in CamelCase, for programs."),
    message: field(6, t.string, "A sentence for people."),
  },
);
export type NamespaceCondition = Infer<typeof namespaceConditionSchema>;

export const namespaceStatusSchema = struct("io.k8s.api.core.v1.NamespaceStatus", "The state of a namespace.", {
  phase: field(1, oneOf("Active", "Terminating"), "Active, or Terminating while its contents are removed.", {
    default: "Active",
  }),
  conditions: field(
    2,
    list(namespaceConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "The latest observations of the object's state. Each condition is True, False or Unknown.",
  ),
});
export type NamespaceStatus = Infer<typeof namespaceStatusSchema>;

export const namespaceSchema = struct("io.k8s.api.core.v1.Namespace", "A scope for names.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  spec: field(2, namespaceSpecSchema, "What is wanted.", { present: true }),
  status: field(3, namespaceStatusSchema, "What was observed. Written by the system.", { present: true }),
});
export type Namespace = Infer<typeof namespaceSchema>;

/** The label by which selectors find a namespace by its name. */
const NAME_LABEL = "kubernetes.io/metadata.name";

function withNameLabel(namespace: Namespace): Namespace {
  const { metadata } = namespace;
  // A generated name does not exist yet.
  if ((metadata.name ?? "") === "" || metadata.labels?.[NAME_LABEL] === metadata.name) return namespace;
  return { ...namespace, metadata: { ...metadata, labels: { ...metadata.labels, [NAME_LABEL]: metadata.name } } };
}

const STANDARD_FINALIZERS: readonly string[] = ["kubernetes", "orphan", "foregroundDeletion"];

function validateNamespace(namespace: Namespace, previous?: Namespace): FieldError[] {
  return [...validateFinalizers(namespace.spec), ...(previous === undefined ? [] : validatePhase(namespace))];
}

function validatePhase({ metadata, status: { phase } }: Namespace): FieldError[] {
  const isDeleted = metadata.deletionTimestamp !== undefined;
  if (phase === (isDeleted ? "Terminating" : "Active")) return [];
  const detail = isDeleted
    ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
    : "may only be 'Active' if `deletionTimestamp` is empty";
  return [invalid("status.Phase", phase, detail)];
}

function validateFinalizers({ finalizers = [] }: NamespaceSpec): FieldError[] {
  const path = "spec.finalizers";
  return finalizers.flatMap((name) => [
    ...invalidFor(path, name, labelKeyProblems(name)),
    ...(name.includes("/") || STANDARD_FINALIZERS.includes(name)
      ? []
      : [invalid(path, name, "name is neither a standard finalizer name nor is it fully qualified")]),
  ]);
}

export const namespaceKind = defineKind<Namespace>({
  group: "",
  version: "v1",
  kind: "Namespace",
  plural: "namespaces",
  shortNames: ["ns"],
  namespaced: false,
  schema: namespaceSchema,
  subresources: [{ name: "finalize", kind: "Namespace", verbs: ["update"] }],
  columns: [nameColumn, column("Status", "Active or Terminating.", ({ status }) => status.phase), ageColumn],
  verbs: STORED_VERBS.filter((verb) => verb !== "deletecollection"),
  withDefaults: withNameLabel,
  validate: validateNamespace,
  warnings: (namespace, previous, subresource) => (subresource === "" ? namespaceWarnings(namespace, previous) : []),
  validateName: dnsLabelProblems,
  selectableFields: { name: ({ metadata }) => metadata.name, "status.phase": ({ status }) => status.phase },
});
