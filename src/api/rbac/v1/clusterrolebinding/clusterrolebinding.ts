import { defineKind } from "../../../kind.ts";
import { pathSegmentProblems } from "../../../names.ts";
import { bindingColumns } from "../binding-columns.ts";
import { withBindingDefaults } from "../binding-defaults.ts";
import { validateBinding } from "../validate-binding.ts";
import type { ClusterRoleBinding } from "./clusterrolebinding-schema.ts";
import { clusterRoleBindingSchema } from "./clusterrolebinding-schema.ts";

export type * from "./clusterrolebinding-schema.ts";

export const clusterRoleBindingKind = defineKind<ClusterRoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  namespaced: false,
  schema: clusterRoleBindingSchema,
  columns: bindingColumns,
  withDefaults: withBindingDefaults,
  validate: (binding, previous) => validateBinding(binding, false, previous),
  validateName: pathSegmentProblems,
});
