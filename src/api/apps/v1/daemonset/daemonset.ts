import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { daemonSetColumns } from "./daemonset-columns.ts";
import { withDaemonSetDefaults } from "./daemonset-defaults.ts";
import type { DaemonSet } from "./daemonset-schema.ts";
import { daemonSetSchema } from "./daemonset-schema.ts";
import { daemonSetWarnings } from "./daemonset-warnings.ts";
import { validateDaemonSet } from "./validate-daemonset.ts";

export type * from "./daemonset-schema.ts";

export const daemonSetKind = defineKind<DaemonSet>({
  group: "apps",
  version: "v1",
  kind: "DaemonSet",
  plural: "daemonsets",
  shortNames: ["ds"],
  categories: ["all"],
  namespaced: true,
  schema: daemonSetSchema,
  hasGeneration: true,
  columns: daemonSetColumns,
  withDefaults: withDaemonSetDefaults,
  validate: validateDaemonSet,
  warnings: daemonSetWarnings,
  validateName: dnsSubdomainProblems,
});
