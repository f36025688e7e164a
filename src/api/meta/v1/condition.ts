import type { Infer } from "../../schema.ts";
import { field, oneOf, struct, t } from "../../schema.ts";

export const conditionSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.Condition",
  "Something that holds of an object.",
  {
    type: field(1, t.string, "What the condition is about.", { required: true }),
    status: field(2, oneOf("True", "False", "Unknown"), "True, False or Unknown.", { required: true }),
    observedGeneration: field(3, t.int64, "Generation of the object that it is about."),
    lastTransitionTime: field(4, t.time, "When the status last changed.", { required: true }),
    reason: field(5, t.string, "One word, in CamelCase, for programs.", { required: true }),
    message: field(6, t.string, "A sentence for people.", { required: true }),
  },
);
export type Condition = Infer<typeof conditionSchema>;
