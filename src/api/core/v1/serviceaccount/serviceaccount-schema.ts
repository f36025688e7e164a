import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, struct, t } from "../../../schema.ts";
import { localObjectReferenceSchema, objectReferenceSchema } from "../references.ts";

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
