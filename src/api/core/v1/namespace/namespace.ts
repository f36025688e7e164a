import { ageColumn, column, nameColumn } from "../../../columns.ts";
import { defineKind, STORED_VERBS } from "../../../kind.ts";
import { dnsLabelProblems } from "../../../names.ts";
import { withNamespaceDefaults } from "./namespace-defaults.ts";
import type { Namespace } from "./namespace-schema.ts";
import { namespaceSchema } from "./namespace-schema.ts";
import { namespaceWarnings } from "./namespace-warnings.ts";
import { validateNamespace } from "./validate-namespace.ts";

export type * from "./namespace-schema.ts";

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
  withDefaults: withNamespaceDefaults,
  validate: validateNamespace,
  warnings: (namespace, previous, subresource) => (subresource === "" ? namespaceWarnings(namespace, previous) : []),
  validateName: dnsLabelProblems,
  selectableFields: { name: ({ metadata }) => metadata.name, "status.phase": ({ status }) => status.phase },
});
