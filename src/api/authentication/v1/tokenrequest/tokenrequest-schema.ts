import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, struct, t } from "../../../schema.ts";

export const boundObjectReferenceSchema = struct(
  "io.k8s.api.authentication.v1.BoundObjectReference",
  "The object with which a token ends.",
  {
    kind: field(1, t.string, "Pod, Secret or Node."),
    apiVersion: field(2, t.string, "API version of the object."),
    name: field(3, t.string, "Name of the object."),

    uid: field(4, t.string, "Unique identity of the object."),
  },
);
export type BoundObjectReference = Infer<typeof boundObjectReferenceSchema>;

export const tokenRequestSpecSchema = struct(
  "io.k8s.api.authentication.v1.TokenRequestSpec",
  "What the token should be like.",
  {
    audiences: field(1, list(t.string), "Who the token is meant for.", { required: true }),
    expirationSeconds: field(4, t.int64, "How long the token should be valid, in seconds.", {
      default: 3600,
      keepEmpty: true,
    }),
    boundObjectRef: field(3, boundObjectReferenceSchema, "Object with whose end the token becomes invalid."),
  },
);
export type TokenRequestSpec = Infer<typeof tokenRequestSpecSchema>;

export const tokenRequestStatusSchema = struct(
  "io.k8s.api.authentication.v1.TokenRequestStatus",
  "The token that was made.",
  {
    token: field(1, t.string, "The token itself, a JWT.", { required: true }),
    expirationTimestamp: field(2, t.time, "When the token ends.", { required: true }),
  },
);
export type TokenRequestStatus = Infer<typeof tokenRequestStatusSchema>;

export const tokenRequestSchema = struct(
  "io.k8s.api.authentication.v1.TokenRequest",
  "Asks for a token of a service account.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, tokenRequestSpecSchema, "What is wanted.", { required: true }),
    status: field(3, tokenRequestStatusSchema, "What was observed. Written by the system.", { present: true }),
  },
);
export type TokenRequest = Infer<typeof tokenRequestSchema>;
