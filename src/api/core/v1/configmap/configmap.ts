import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { configMapColumns } from "./configmap-columns.ts";
import type { ConfigMap } from "./configmap-schema.ts";
import { configMapSchema } from "./configmap-schema.ts";
import { validateConfigMap } from "./validate-configmap.ts";

export type * from "./configmap-schema.ts";

export const configMapKind = defineKind<ConfigMap>({
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  shortNames: ["cm"],
  namespaced: true,
  schema: configMapSchema,
  columns: configMapColumns,
  validate: validateConfigMap,
  validateName: dnsSubdomainProblems,
});
