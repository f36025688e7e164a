import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { secretColumns } from "./secret-columns.ts";
import { withSecretDefaults } from "./secret-defaults.ts";
import type { Secret } from "./secret-schema.ts";
import { secretSchema } from "./secret-schema.ts";
import { secretWarnings } from "./secret-warnings.ts";
import { validateSecret } from "./validate-secret.ts";

export type * from "./secret-schema.ts";

export const secretKind = defineKind<Secret>({
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  namespaced: true,
  schema: secretSchema,
  columns: secretColumns,
  withDefaults: withSecretDefaults,
  validate: validateSecret,
  warnings: secretWarnings,
  validateName: dnsSubdomainProblems,
  selectableFields: { type: ({ type }) => type },
});
