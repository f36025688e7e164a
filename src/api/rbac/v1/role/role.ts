import { createdAtColumn, nameColumn } from "../../../columns.ts";
import { defineKind } from "../../../kind.ts";
import { pathSegmentProblems } from "../../../names.ts";
import { validateRules } from "../validate-rules.ts";
import type { Role } from "./role-schema.ts";
import { roleSchema } from "./role-schema.ts";

export type * from "./role-schema.ts";

export const roleKind = defineKind<Role>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "Role",
  plural: "roles",
  namespaced: true,
  schema: roleSchema,
  columns: [nameColumn, createdAtColumn],
  validate: ({ rules }) => validateRules(rules, true),
  validateName: pathSegmentProblems,
});
