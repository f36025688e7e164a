import { deleteOptionsSchema } from "../../../meta/v1/delete-options.ts";
import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct } from "../../../schema.ts";

export const evictionSchema = struct(
  "io.k8s.api.policy.v1.Eviction",
  "Asks a pod to go, if its disruption budget allows.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    deleteOptions: field(2, deleteOptionsSchema, "How the pod is deleted."),
  },
);
export type Eviction = Infer<typeof evictionSchema>;
