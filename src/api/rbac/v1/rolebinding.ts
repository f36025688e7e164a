import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, list, struct } from "../../schema.ts";
import { roleRefSchema, subjectSchema } from "./rules.ts";

export const roleBindingSchema = struct("io.k8s.api.rbac.v1.RoleBinding", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  subjects: field(2, list(subjectSchema), ""),
  roleRef: field(3, roleRefSchema, "", { required: true }),
});
export type RoleBinding = Infer<typeof roleBindingSchema>;

export const roleBindingKind = defineKind<RoleBinding>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "RoleBinding",
  plural: "rolebindings",
  namespaced: true,
  schema: roleBindingSchema,
});
