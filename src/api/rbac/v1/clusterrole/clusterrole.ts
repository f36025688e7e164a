import { createdAtColumn, nameColumn } from "../../../columns.ts";
import { defineKind } from "../../../kind.ts";
import { pathSegmentProblems } from "../../../names.ts";
import { validateRules } from "../validate-rules.ts";
import type { ClusterRole } from "./clusterrole-schema.ts";
import { clusterRoleSchema } from "./clusterrole-schema.ts";

export type * from "./clusterrole-schema.ts";

export const clusterRoleKind = defineKind<ClusterRole>({
  group: "rbac.authorization.k8s.io",
  version: "v1",
  kind: "ClusterRole",
  plural: "clusterroles",
  namespaced: false,
  schema: clusterRoleSchema,
  columns: [nameColumn, createdAtColumn],
  validate: ({ rules }) => validateRules(rules, false),
  validateName: pathSegmentProblems,
});
