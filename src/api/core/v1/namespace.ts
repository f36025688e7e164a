import { ageColumn, column, nameColumn } from "../../columns.ts";
import type { FieldError } from "../../field-error.ts";
import { invalid, invalidFor } from "../../field-error.ts";
import { defineKind, STORED_VERBS } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { dnsLabelProblems, labelKeyProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, list, oneOf, struct, t } from "../../schema.ts";

export const namespaceSpecSchema = struct("io.k8s.api.core.v1.NamespaceSpec", "", {
  finalizers: field(1, list(t.string), ""),
});
export type NamespaceSpec = Infer<typeof namespaceSpecSchema>;

export const namespaceConditionSchema = struct("io.k8s.api.core.v1.NamespaceCondition", "", {
  type: field(1, t.string, "", { required: true }),
  status: field(2, oneOf("True", "False", "Unknown"), "", { required: true }),
  lastTransitionTime: field(4, t.time, ""),
  reason: field(5, t.string, ""),
  message: field(6, t.string, ""),
});
export type NamespaceCondition = Infer<typeof namespaceConditionSchema>;

export const namespaceStatusSchema = struct("io.k8s.api.core.v1.NamespaceStatus", "", {
  phase: field(1, oneOf("Active", "Terminating"), "", { default: "Active" }),
  conditions: field(
    2,
    list(namespaceConditionSchema, { listType: "map", mapKeys: ["type"], mergeKey: "type", patchStrategy: "merge" }),
    "",
  ),
});
export type NamespaceStatus = Infer<typeof namespaceStatusSchema>;

export const namespaceSchema = struct("io.k8s.api.core.v1.Namespace", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, namespaceSpecSchema, "", { present: true }),
  status: field(3, namespaceStatusSchema, "", { present: true }),
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

function validateNamespace({ spec }: Namespace): FieldError[] {
  const path = "spec.finalizers";
  return (spec.finalizers ?? []).flatMap((name) => [
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
  validateName: dnsLabelProblems,
  selectableFields: ({ metadata, status }) => ({ name: metadata.name, "status.phase": status.phase }),
});
