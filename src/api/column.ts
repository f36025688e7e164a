/** One column that `kubectl get` prints. */
export interface Column<T> {
  /** As in upstream's table: `Name`, `Cluster-IP`. kubectl prints it in capitals. */
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  /** Of the type, as OpenAPI has them: `date-time`. `name` marks the column that identifies the row. */
  readonly format?: string;
  readonly description: string;
  /** 0 is always printed, a larger one only with `-o wide`. */
  readonly priority: number;
  /** `now` is in milliseconds since the epoch, for ages. */
  cell(object: T, now: number): string | number | bigint | boolean | null;
}
