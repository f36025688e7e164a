import { defineKind } from "../../../kind.ts";
import { pathSegmentProblems } from "../../../names.ts";
import { bindingColumns } from "../binding-columns.ts";
import { withBindingDefaults } from "../binding-defaults.ts";
import { validateBinding } from "../validate-binding.ts";
import type { RoleBinding } from "./rolebinding-schema.ts";
import { roleBindingSchema } from "./rolebinding-schema.ts";

export type * from "./rolebinding-schema.ts";

export const roleBindingKind = defineKind<RoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "RoleBinding",
  plural: "rolebindings",
  namespaced: true,
  schema: roleBindingSchema,
  columns: bindingColumns,
  withDefaults: withBindingDefaults,
  validate: (binding, previous) => validateBinding(binding, true, previous),
  validateName: pathSegmentProblems,
});
