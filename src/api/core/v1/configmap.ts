import { ageColumn, nameColumn } from "../../columns.ts";
import type { Column } from "../../kind.ts";
import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { dnsSubdomainProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, map, struct, t } from "../../schema.ts";
import { validateConfigMap } from "./config-data/validate-configmap.ts";

export const configMapSchema = struct("io.k8s.api.core.v1.ConfigMap", "Settings that pods can read.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  immutable: field(4, t.bool, "Whether the contents can never change again.", { keepEmpty: true }),
  data: field(2, map(t.string), "Text by key."),
  binaryData: field(3, map(t.bytes), "Bytes by key, in base64."),
});
export type ConfigMap = Infer<typeof configMapSchema>;

const dataColumn: Column<ConfigMap> = {
  name: "Data",
  type: "string",
  description: "How many keys there are.",
  priority: 0,
  cell: ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length,
};

export const configMapKind = defineKind<ConfigMap>({
  group: "",
  version: "v1",
  kind: "ConfigMap",
  plural: "configmaps",
  shortNames: ["cm"],
  namespaced: true,
  schema: configMapSchema,
  columns: [nameColumn, dataColumn, ageColumn],
  validate: validateConfigMap,
  validateName: dnsSubdomainProblems,
});
