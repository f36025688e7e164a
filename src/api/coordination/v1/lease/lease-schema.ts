import { objectMetaSchema } from "../../../meta/v1/object-meta.ts";
import { typeMeta } from "../../../meta/v1/type-meta.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct, t } from "../../../schema.ts";

export const leaseSpecSchema = struct(
  "io.k8s.api.coordination.v1.LeaseSpec",
  "Who holds the lease, and for how long.",
  {
    holderIdentity: field(1, t.string, "Who holds the lease now.", { keepEmpty: true }),
    leaseDurationSeconds: field(
      2,
      t.int32,
      "How long others wait after the last renewal before they take it, in seconds.",
      { keepEmpty: true },
    ),
    acquireTime: field(3, t.microTime, "When the holder got it."),
    renewTime: field(4, t.microTime, "When the holder last said that it is still there."),
    leaseTransitions: field(5, t.int32, "How often the lease changed hands.", { keepEmpty: true }),
    strategy: field(6, t.string, "How the holder is chosen among candidates.", { keepEmpty: true }),
    preferredHolder: field(7, t.string, "Who should get the lease next.", { keepEmpty: true }),
  },
);
export type LeaseSpec = Infer<typeof leaseSpecSchema>;

export const leaseSchema = struct(
  "io.k8s.api.coordination.v1.Lease",
  "Something that one process at a time may hold.",
  {
    ...typeMeta,
    metadata: field(1, objectMetaSchema, "Name, labels and what else all objects have.", { present: true }),
    spec: field(2, leaseSpecSchema, "What is wanted.", { present: true }),
  },
);
export type Lease = Infer<typeof leaseSchema>;
