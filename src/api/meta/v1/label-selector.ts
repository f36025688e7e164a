import type { Infer } from "../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../schema.ts";

export const labelSelectorRequirementSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
  "One condition on labels.",
  {
    key: field(1, t.string, "Label in question.", { required: true }),
    operator: field(2, oneOf("In", "NotIn", "Exists", "DoesNotExist"), "In, NotIn, Exists or DoesNotExist.", {
      required: true,
    }),
    values: field(3, list(t.string), "What to compare with, for In and NotIn."),
  },
);
export type LabelSelectorRequirement = Infer<typeof labelSelectorRequirementSchema>;

export const labelSelectorSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
  "Conditions on labels that must all hold. Empty selects everything.",
  {
    matchLabels: field(1, map(t.string), "Labels that must have these values."),
    matchExpressions: field(2, list(labelSelectorRequirementSchema), "Further conditions."),
  },
  { atomic: true },
);
export type LabelSelector = Infer<typeof labelSelectorSchema>;

export const fieldSelectorRequirementSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement",
  "One condition on a field.",
  {
    key: field(1, t.string, "Field in question.", { required: true }),
    operator: field(2, t.string, "In, NotIn, Exists or DoesNotExist.", { required: true }),
    values: field(3, list(t.string), "What to compare with, for In and NotIn."),
  },
);
export type FieldSelectorRequirement = Infer<typeof fieldSelectorRequirementSchema>;
