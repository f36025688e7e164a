import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import type { Infer } from "../../schema.ts";
import { field, list, struct, t } from "../../schema.ts";

export const boundObjectReferenceSchema = struct("io.k8s.api.authentication.v1.BoundObjectReference", "", {
  kind: field(1, t.string, ""),
  apiVersion: field(2, t.string, ""),
  name: field(3, t.string, ""),

  uid: field(4, t.string, ""),
});
export type BoundObjectReference = Infer<typeof boundObjectReferenceSchema>;

export const tokenRequestSpecSchema = struct("io.k8s.api.authentication.v1.TokenRequestSpec", "", {
  audiences: field(1, list(t.string), "", { required: true }),
  expirationSeconds: field(4, t.int64, "", { default: 3600 }),
  boundObjectRef: field(3, boundObjectReferenceSchema, ""),
});
export type TokenRequestSpec = Infer<typeof tokenRequestSpecSchema>;

export const tokenRequestStatusSchema = struct("io.k8s.api.authentication.v1.TokenRequestStatus", "", {
  token: field(1, t.string, "", { required: true }),
  expirationTimestamp: field(2, t.time, "", { required: true }),
});
export type TokenRequestStatus = Infer<typeof tokenRequestStatusSchema>;

export const tokenRequestSchema = struct("io.k8s.api.authentication.v1.TokenRequest", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, tokenRequestSpecSchema, "", { required: true }),
  status: field(3, tokenRequestStatusSchema, "", { present: true }),
});
export type TokenRequest = Infer<typeof tokenRequestSchema>;
