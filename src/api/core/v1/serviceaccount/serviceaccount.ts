import { tokenRequestSchema } from "../../../authentication/v1/tokenrequest/tokenrequest-schema.ts";
import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import { serviceAccountColumns } from "./serviceaccount-columns.ts";
import type { ServiceAccount } from "./serviceaccount-schema.ts";
import { serviceAccountSchema } from "./serviceaccount-schema.ts";
import { serviceAccountWarnings } from "./serviceaccount-warnings.ts";

export type * from "./serviceaccount-schema.ts";

export const serviceAccountKind = defineKind<ServiceAccount>({
  group: "",
  version: "v1",
  kind: "ServiceAccount",
  plural: "serviceaccounts",
  shortNames: ["sa"],
  namespaced: true,
  schema: serviceAccountSchema,
  subresources: [
    {
      name: "token",
      kind: "TokenRequest",
      group: "authentication.k8s.io",
      version: "v1",
      schema: tokenRequestSchema,
      verbs: ["create"],
    },
  ],
  columns: serviceAccountColumns,
  warnings: serviceAccountWarnings,
  validateName: dnsSubdomainProblems,
});
