import type { Column } from "../../../column.ts";
import { ageColumn, column, nameColumn } from "../../../columns.ts";
import type { Secret } from "./secret-schema.ts";

const dataColumn: Column<Secret> = {
  name: "Data",
  type: "string",
  description: "How many keys there are.",
  priority: 0,
  cell: ({ data = {} }) => Object.keys(data).length,
};

/** What `kubectl get secrets` prints. */
export const secretColumns: readonly Column<Secret>[] = [
  nameColumn,
  column("Type", "What the Secret is for.", ({ type }) => type),
  dataColumn,
  ageColumn,
];
