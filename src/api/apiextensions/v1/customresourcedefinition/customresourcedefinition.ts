import { createdAtColumn, nameColumn } from "../../../columns.ts";
import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { withCustomResourceDefinitionDefaults } from "./customresourcedefinition-defaults.ts";
import type { CustomResourceDefinition } from "./customresourcedefinition-schema.ts";
import { customResourceDefinitionSchema } from "./customresourcedefinition-schema.ts";
import { formatWarnings } from "./format-warnings.ts";
import { validateCustomResourceDefinition } from "./validate-customresourcedefinition.ts";

export type * from "./customresourcedefinition-schema.ts";

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/extend-resources/custom-resource-definition-v1/ */
export const customResourceDefinitionKind = defineKind<CustomResourceDefinition>({
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  namespaced: false,
  shortNames: ["crd", "crds"],
  categories: ["api-extensions"],
  hasGeneration: true,
  schema: customResourceDefinitionSchema,
  columns: [nameColumn, createdAtColumn],
  withDefaults: withCustomResourceDefinitionDefaults,
  validate: validateCustomResourceDefinition,
  warnings: formatWarnings,
  validateName: dnsSubdomainProblems,
});
