import type { Column } from "../../../column.ts";
import { ageColumn, nameColumn } from "../../../columns.ts";
import type { ConfigMap } from "./configmap-schema.ts";

const dataColumn: Column<ConfigMap> = {
  name: "Data",
  type: "string",
  description: "How many keys there are.",
  priority: 0,
  cell: ({ data = {}, binaryData = {} }) => Object.keys(data).length + Object.keys(binaryData).length,
};

/** What `kubectl get configmaps` prints. */
export const configMapColumns: readonly Column<ConfigMap>[] = [nameColumn, dataColumn, ageColumn];
