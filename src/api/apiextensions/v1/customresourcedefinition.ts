import { createdAtColumn, nameColumn } from "../../columns.ts";
import { defineKind } from "../../kind.ts";
import { dnsSubdomainProblems } from "../../names.ts";
import { withCustomResourceDefinitionDefaults } from "./customresourcedefinition/custom-resource-definition-defaults.ts";
import type { CustomResourceDefinition } from "./customresourcedefinition/custom-resource-definition-schema.ts";
import { customResourceDefinitionSchema } from "./customresourcedefinition/custom-resource-definition-schema.ts";
import { formatWarnings } from "./customresourcedefinition/format-warnings.ts";
import { validateCustomResourceDefinition } from "./customresourcedefinition/validate-custom-resource-definition.ts";

export type { CustomResourceDefinition } from "./customresourcedefinition/custom-resource-definition-schema.ts";

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
