import { tokenRequestSchema } from "../../authentication/v1/tokenrequest.ts";
import { ageColumn, nameColumn } from "../../columns.ts";
import type { Column } from "../../kind.ts";
import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { dnsSubdomainProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, list, struct, t } from "../../schema.ts";
import { localObjectReferenceSchema, objectReferenceSchema } from "./references.ts";

export const serviceAccountSchema = struct("io.k8s.api.core.v1.ServiceAccount", "An identity for programs.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  secrets: field(
    2,
    list(objectReferenceSchema, { listType: "map", mapKeys: ["name"], mergeKey: "name", patchStrategy: "merge" }),
    "Secrets that pods of this account may use.",
  ),
  imagePullSecrets: field(3, list(localObjectReferenceSchema), "Secrets with which images are pulled."),
  automountServiceAccountToken: field(4, t.bool, "Whether pods get a token of this account.", { keepEmpty: true }),
});
export type ServiceAccount = Infer<typeof serviceAccountSchema>;

const secretsColumn: Column<ServiceAccount> = {
  name: "Secrets",
  type: "string",
  description: "How many Secrets the account may use.",
  priority: 0,
  cell: ({ secrets = [] }) => secrets.length,
};

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
  columns: [nameColumn, secretsColumn, ageColumn],
  warnings: mountableSecretsWarnings,
  validateName: dnsSubdomainProblems,
});

const MOUNTABLE_SECRETS = "kubernetes.io/enforce-mountable-secrets";

/** Warns of an annotation that upstream has deprecated, when a write sets it. */
function mountableSecretsWarnings(account: ServiceAccount, previous: ServiceAccount | undefined): readonly string[] {
  const isSet = (object: ServiceAccount | undefined) =>
    object !== undefined && Object.hasOwn(object.metadata.annotations ?? {}, MOUNTABLE_SECRETS);
  if (!isSet(account) || isSet(previous)) return [];
  const text = "deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets";
  return [`metadata.annotations[${MOUNTABLE_SECRETS}]: ${text}`];
}
