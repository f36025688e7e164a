import { fieldSelectorRequirementSchema, labelSelectorRequirementSchema } from "../../meta/v1/label-selector.ts";
import type { Infer } from "../../schema.ts";
import { field, list, struct, t } from "../../schema.ts";

export const fieldSelectorAttributesSchema = struct(
  "io.k8s.api.authorization.v1.FieldSelectorAttributes",
  "Fields to which a list is narrowed.",
  {
    rawSelector: field(1, t.string, "The selector as text."),
    requirements: field(
      2,
      list(fieldSelectorRequirementSchema),
      "The requirements of the selector; all of them must be met.",
    ),
  },
);
export type FieldSelectorAttributes = Infer<typeof fieldSelectorAttributesSchema>;

export const labelSelectorAttributesSchema = struct(
  "io.k8s.api.authorization.v1.LabelSelectorAttributes",
  "Labels to which a list is narrowed.",
  {
    rawSelector: field(1, t.string, "The selector as text."),
    requirements: field(
      2,
      list(labelSelectorRequirementSchema),
      "The requirements of the selector; all of them must be met.",
    ),
  },
);
export type LabelSelectorAttributes = Infer<typeof labelSelectorAttributesSchema>;

export const resourceAttributesSchema = struct(
  "io.k8s.api.authorization.v1.ResourceAttributes",
  "An action on objects.",
  {
    namespace: field(1, t.string, "Namespace of the action; empty for all of them, or for none."),
    verb: field(2, t.string, "What is to be done: get, list, create, ... or * for everything."),
    group: field(3, t.string, "API group of the resource; * for all."),
    version: field(4, t.string, "API version of the resource; * for all."),
    resource: field(5, t.string, "Resource in question; * for all."),
    subresource: field(6, t.string, "Part of the resource, such as log; empty for the object itself."),
    name: field(7, t.string, "Name of the object; empty for all."),
    fieldSelector: field(8, fieldSelectorAttributesSchema, "Fields to which the action is narrowed."),
    labelSelector: field(9, labelSelectorAttributesSchema, "Labels to which the action is narrowed."),
  },
);
export type ResourceAttributes = Infer<typeof resourceAttributesSchema>;

export const nonResourceAttributesSchema = struct(
  "io.k8s.api.authorization.v1.NonResourceAttributes",
  "An action on a path that is no object.",
  {
    path: field(1, t.string, "Path of the URL."),
    verb: field(2, t.string, "HTTP method in lower case."),
  },
);
export type NonResourceAttributes = Infer<typeof nonResourceAttributesSchema>;

export const subjectAccessReviewStatusSchema = struct(
  "io.k8s.api.authorization.v1.SubjectAccessReviewStatus",
  "Whether the action is allowed.",
  {
    allowed: field(1, t.bool, "Whether it is allowed.", { required: true }),
    denied: field(4, t.bool, "Whether it is refused outright, so that no further authorizer may allow it."),
    reason: field(2, t.string, "Why it is, or is not, allowed."),
    evaluationError: field(3, t.string, "What went wrong while deciding; the answer may still be right."),
  },
);
export type SubjectAccessReviewStatus = Infer<typeof subjectAccessReviewStatusSchema>;
