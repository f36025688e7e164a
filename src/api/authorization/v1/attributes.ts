import { fieldSelectorRequirementSchema, labelSelectorRequirementSchema } from "../../meta/v1/label-selector.ts";
import type { Infer } from "../../schema.ts";
import { field, list, struct, t } from "../../schema.ts";

export const fieldSelectorAttributesSchema = struct("io.k8s.api.authorization.v1.FieldSelectorAttributes", "", {
  rawSelector: field(1, t.string, ""),
  requirements: field(2, list(fieldSelectorRequirementSchema), ""),
});
export type FieldSelectorAttributes = Infer<typeof fieldSelectorAttributesSchema>;

export const labelSelectorAttributesSchema = struct("io.k8s.api.authorization.v1.LabelSelectorAttributes", "", {
  rawSelector: field(1, t.string, ""),
  requirements: field(2, list(labelSelectorRequirementSchema), ""),
});
export type LabelSelectorAttributes = Infer<typeof labelSelectorAttributesSchema>;

export const resourceAttributesSchema = struct("io.k8s.api.authorization.v1.ResourceAttributes", "", {
  namespace: field(1, t.string, ""),
  verb: field(2, t.string, ""),
  group: field(3, t.string, ""),
  version: field(4, t.string, ""),
  resource: field(5, t.string, ""),
  subresource: field(6, t.string, ""),
  name: field(7, t.string, ""),
  fieldSelector: field(8, fieldSelectorAttributesSchema, ""),
  labelSelector: field(9, labelSelectorAttributesSchema, ""),
});
export type ResourceAttributes = Infer<typeof resourceAttributesSchema>;

export const nonResourceAttributesSchema = struct("io.k8s.api.authorization.v1.NonResourceAttributes", "", {
  path: field(1, t.string, ""),
  verb: field(2, t.string, ""),
});
export type NonResourceAttributes = Infer<typeof nonResourceAttributesSchema>;

export const subjectAccessReviewStatusSchema = struct("io.k8s.api.authorization.v1.SubjectAccessReviewStatus", "", {
  allowed: field(1, t.bool, "", { required: true }),
  denied: field(4, t.bool, ""),
  reason: field(2, t.string, ""),
  evaluationError: field(3, t.string, ""),
});
export type SubjectAccessReviewStatus = Infer<typeof subjectAccessReviewStatusSchema>;
