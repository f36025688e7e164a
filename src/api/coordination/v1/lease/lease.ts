import { ageColumn, column, nameColumn } from "../../../columns.ts";
import { defineKind } from "../../../kind.ts";
import { dnsSubdomainProblems } from "../../../names.ts";
import type { Lease } from "./lease-schema.ts";
import { leaseSchema } from "./lease-schema.ts";
import { validateLease } from "./validate-lease.ts";

export type * from "./lease-schema.ts";

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
