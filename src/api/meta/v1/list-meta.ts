import type { Infer } from "../../schema.ts";
import { field, struct, t } from "../../schema.ts";

export const listMetaSchema = struct("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta", "What all lists have.", {
  selfLink: field(1, t.string, "No longer used."),
  resourceVersion: field(2, t.string, "Version of the list; watches start here."),
  continue: field(3, t.string, "Where the list goes on, when it was cut."),
  remainingItemCount: field(4, t.int64, "How many items are left, at least.", { keepEmpty: true }),
});
export type ListMeta = Infer<typeof listMetaSchema>;
