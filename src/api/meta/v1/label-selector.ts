import type { Infer } from "../../schema.ts";
import { field, list, map, oneOf, struct, t } from "../../schema.ts";

export const labelSelectorRequirementSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement",
  "",
  {
    key: field(1, t.string, "", { required: true }),
    operator: field(2, oneOf("In", "NotIn", "Exists", "DoesNotExist"), "", { required: true }),
    values: field(3, list(t.string), ""),
  },
);
export type LabelSelectorRequirement = Infer<typeof labelSelectorRequirementSchema>;

export const labelSelectorSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
  "",
  {
    matchLabels: field(1, map(t.string), ""),
    matchExpressions: field(2, list(labelSelectorRequirementSchema), ""),
  },
  { atomic: true },
);
export type LabelSelector = Infer<typeof labelSelectorSchema>;

export const fieldSelectorRequirementSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.FieldSelectorRequirement",
  "",
  {
    key: field(1, t.string, "", { required: true }),
    operator: field(2, t.string, "", { required: true }),
    values: field(3, list(t.string), ""),
  },
);
export type FieldSelectorRequirement = Infer<typeof fieldSelectorRequirementSchema>;
