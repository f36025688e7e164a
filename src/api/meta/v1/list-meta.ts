import type { Infer } from "../../schema.ts";
import { field, struct, t } from "../../schema.ts";

export const listMetaSchema = struct("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta", "", {
  selfLink: field(1, t.string, ""),
  resourceVersion: field(2, t.string, ""),
  continue: field(3, t.string, ""),
  remainingItemCount: field(4, t.int64, "", { keepEmpty: true }),
});
export type ListMeta = Infer<typeof listMetaSchema>;
