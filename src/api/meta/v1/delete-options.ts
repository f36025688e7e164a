import type { Infer } from "../../schema.ts";
import { field, list, struct, t } from "../../schema.ts";

export const preconditionsSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions",
  "What must hold of an object before it is deleted.",
  {
    uid: field(1, t.string, "Unique identity that it must have.", { keepEmpty: true }),
    resourceVersion: field(2, t.string, "Version that it must have.", { keepEmpty: true }),
  },
);
export type Preconditions = Infer<typeof preconditionsSchema>;

export const deleteOptionsSchema = struct(
  "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions",
  "How an object is deleted.",
  {
    gracePeriodSeconds: field(1, t.int64, "How long it may take to end, in seconds; 0 for at once.", {
      keepEmpty: true,
    }),
    preconditions: field(2, preconditionsSchema, "What must hold of the object."),
    orphanDependents: field(3, t.bool, "Whether what it owns stays. propagationPolicy has taken its place.", {
      keepEmpty: true,
    }),
    propagationPolicy: field(
      4,
      t.string,
      "How the objects that it owns are deleted: Orphan, Background or Foreground.",
      {
        keepEmpty: true,
      },
    ),
    dryRun: field(5, list(t.string), "All to only say what would happen."),
    ignoreStoreReadErrorWithClusterBreakingPotential: field(
      6,
      t.bool,
      "Delete an object that cannot be read any more.",
      { keepEmpty: true },
    ),
  },
);
export type DeleteOptions = Infer<typeof deleteOptionsSchema>;
