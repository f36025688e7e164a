import type { Infer } from "../../schema.ts";
import { field, list, struct, t } from "../../schema.ts";

export const preconditionsSchema = struct("io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions", "", {
  uid: field(1, t.string, "", { keepEmpty: true }),
  resourceVersion: field(2, t.string, "", { keepEmpty: true }),
});
export type Preconditions = Infer<typeof preconditionsSchema>;

export const deleteOptionsSchema = struct("io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions", "", {
  gracePeriodSeconds: field(1, t.int64, "", { keepEmpty: true }),
  preconditions: field(2, preconditionsSchema, ""),
  orphanDependents: field(3, t.bool, "", { keepEmpty: true }),
  propagationPolicy: field(4, t.string, "", { keepEmpty: true }),
  dryRun: field(5, list(t.string), ""),
  ignoreStoreReadErrorWithClusterBreakingPotential: field(6, t.bool, "", { keepEmpty: true }),
});
export type DeleteOptions = Infer<typeof deleteOptionsSchema>;
