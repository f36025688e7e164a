import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct } from "../../../schema.ts";
import { objectReferenceSchema } from "../references.ts";

export const bindingSchema = struct("io.k8s.api.core.v1.Binding", "Puts a pod on a node.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
  target: field(2, objectReferenceSchema, "Node to put the pod on.", { required: true }),
});
export type Binding = Infer<typeof bindingSchema>;
