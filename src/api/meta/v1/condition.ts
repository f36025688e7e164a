import type { Infer } from "../../schema.ts";
import { field, oneOf, struct, t } from "../../schema.ts";

export const conditionSchema = struct("io.k8s.apimachinery.pkg.apis.meta.v1.Condition", "", {
  type: field(1, t.string, "", { required: true }),
  status: field(2, oneOf("True", "False", "Unknown"), "", { required: true }),
  observedGeneration: field(3, t.int64, ""),
  lastTransitionTime: field(4, t.time, "", { required: true }),
  reason: field(5, t.string, "", { required: true }),
  message: field(6, t.string, "", { required: true }),
});
export type Condition = Infer<typeof conditionSchema>;
