import { ageColumn, column, nameColumn } from "../../columns.ts";
import type { Column } from "../../kind.ts";
import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { dnsSubdomainProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, map, struct, t } from "../../schema.ts";
import { secretWarnings } from "./config-data/secret-warnings.ts";
import { validateSecret } from "./config-data/validate-secret.ts";

export const secretSchema = struct("io.k8s.api.core.v1.Secret", "Something confidential that pods can read.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  immutable: field(5, t.bool, "Whether the contents can never change again.", { keepEmpty: true }),
  data: field(2, map(t.bytes), "Bytes by key, in base64."),
  stringData: field(4, map(t.string), "Text by key, for writing only: it is added to data."),
  type: field(3, t.string, "What the Secret is for, which says what keys it has.", { default: "Opaque" }),
});
export type Secret = Infer<typeof secretSchema>;

const dataColumn: Column<Secret> = {
  name: "Data",
  type: "string",
  description: "How many keys there are.",
  priority: 0,
  cell: ({ data = {} }) => Object.keys(data).length,
};

/** `stringData` can be written but is never stored: it becomes `data`, and wins over it. */
function withEncodedStringData({ stringData, ...secret }: Secret): Secret {
  if (stringData === undefined) return secret;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, base64Of(text)] as const);
  return { ...secret, data: { ...secret.data, ...Object.fromEntries(encoded) } };
}

function base64Of(text: string): string {
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
}

export const secretKind = defineKind<Secret>({
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  namespaced: true,
  schema: secretSchema,
  columns: [nameColumn, column("Type", "What the Secret is for.", ({ type }) => type), dataColumn, ageColumn],
  withDefaults: withEncodedStringData,
  validate: validateSecret,
  warnings: secretWarnings,
  validateName: dnsSubdomainProblems,
  selectableFields: { type: ({ type }) => type },
});
