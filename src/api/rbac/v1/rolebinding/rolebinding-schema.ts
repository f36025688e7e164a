import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, list, struct } from "../../../schema.ts";
import { roleRefSchema, subjectSchema } from "../rules.ts";

export const roleBindingSchema = struct(
  "io.k8s.api.rbac.v1.RoleBinding",
  "Grants a role to subjects in one namespace.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    subjects: field(2, list(subjectSchema), "Who gets it."),
    roleRef: field(3, roleRefSchema, "Which role. Cannot be changed.", { required: true }),
  },
);
export type RoleBinding = Infer<typeof roleBindingSchema>;
