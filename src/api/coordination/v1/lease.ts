import { ageColumn, column, nameColumn } from "../../columns.ts";
import type { FieldError } from "../../field-error.ts";
import { invalid } from "../../field-error.ts";
import { defineKind } from "../../kind.ts";
import { objectMetaSchema } from "../../meta/v1/object-meta.ts";
import { typeMeta } from "../../meta/v1/type-meta.ts";
import { dnsSubdomainProblems } from "../../names.ts";
import type { Infer } from "../../schema.ts";
import { field, struct, t } from "../../schema.ts";

export const leaseSpecSchema = struct("io.k8s.api.coordination.v1.LeaseSpec", "", {
  holderIdentity: field(1, t.string, "", { keepEmpty: true }),
  leaseDurationSeconds: field(2, t.int32, "", { keepEmpty: true }),
  acquireTime: field(3, t.microTime, ""),
  renewTime: field(4, t.microTime, ""),
  leaseTransitions: field(5, t.int32, "", { keepEmpty: true }),
  strategy: field(6, t.string, "", { keepEmpty: true }),
  preferredHolder: field(7, t.string, "", { keepEmpty: true }),
});
export type LeaseSpec = Infer<typeof leaseSpecSchema>;

export const leaseSchema = struct("io.k8s.api.coordination.v1.Lease", "", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "", { present: true }),
  spec: field(2, leaseSpecSchema, "", { present: true }),
});
export type Lease = Infer<typeof leaseSchema>;

function validateLease({ spec: { leaseDurationSeconds, leaseTransitions } }: Lease): FieldError[] {
  return [
    ...(leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0
      ? [invalid("spec.leaseDurationSeconds", leaseDurationSeconds, "must be greater than 0")]
      : []),
    ...(leaseTransitions !== undefined && leaseTransitions < 0
      ? [invalid("spec.leaseTransitions", leaseTransitions, "must be greater than or equal to 0")]
      : []),
  ];
}

export const leaseKind = defineKind<Lease>({
  group: "coordination.k8s.io",
  version: "v1",
  kind: "Lease",
  plural: "leases",
  namespaced: true,
  schema: leaseSchema,
  columns: [nameColumn, column("Holder", "Who holds the lease.", ({ spec }) => spec.holderIdentity ?? ""), ageColumn],
  validate: validateLease,
  validateName: dnsSubdomainProblems,
});
