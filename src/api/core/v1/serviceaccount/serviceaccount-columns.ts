import type { Column } from "../../../column.ts";
import { ageColumn, nameColumn } from "../../../columns.ts";
import type { ServiceAccount } from "./serviceaccount-schema.ts";

const secretsColumn: Column<ServiceAccount> = {
  name: "Secrets",
  type: "string",
  description: "How many Secrets the account may use.",
  priority: 0,
  cell: ({ secrets = [] }) => secrets.length,
};

/** What `kubectl get serviceaccounts` prints. */
export const serviceAccountColumns: readonly Column<ServiceAccount>[] = [nameColumn, secretsColumn, ageColumn];
