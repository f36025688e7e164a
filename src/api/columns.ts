import type { Column } from "./column.ts";
import { ageOf } from "./human-duration.ts";
import type { KubeObject } from "./resource-reference.ts";

/** A column of text that is always printed. */
export function column<T>(name: string, description: string, cell: (object: T, now: number) => string): Column<T> {
  return { name, type: "string", description, priority: 0, cell };
}

/** A column of whole numbers that is always printed. */
export function integerColumn<T>(name: string, description: string, cell: (object: T) => number): Column<T> {
  return { name, type: "integer", description, priority: 0, cell };
}

/** A column of text that only `-o wide` prints. */
export function wideColumn<T>(name: string, description: string, cell: (object: T, now: number) => string): Column<T> {
  return { name, type: "string", description, priority: 1, cell };
}

/** The column that identifies the row. */
export const nameColumn: Column<KubeObject> = {
  name: "Name",
  type: "string",
  format: "name",
  description: "Name of the object.",
  priority: 0,
  cell: ({ metadata }) => metadata.name,
};

/** How long ago the object was created. */
export const ageColumn: Column<KubeObject> = column(
  "Age",
  "How long ago the object was created.",
  ({ metadata }, now) => ageOf(metadata.creationTimestamp, now),
);

/** When the object was created, as a timestamp. */
export const createdAtColumn: Column<KubeObject> = {
  name: "Created At",
  type: "date",
  description: "When the object was created.",
  priority: 0,
  cell: ({ metadata }) => metadata.creationTimestamp,
};

/** The columns of a kind that has no others. */
export const nameAndAge: readonly Column<KubeObject>[] = [nameColumn, ageColumn];

/** `a=b,c=d`, sorted by key; `<none>` for no labels. */
export function labelsCell(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "<none>" : pairs.sort().join(",");
}

/** The first three, and how many more there are. `empty` is printed for none. */
export function firstThree(items: readonly string[], empty: string): string {
  if (items.length === 0) return empty;
  const shown = items.slice(0, 3).join(",");
  return items.length > 3 ? `${shown} + ${items.length - 3} more...` : shown;
}

/** The text, or `<none>`. */
export function orNone(text: string | undefined): string {
  return text === undefined || text === "" ? "<none>" : text;
}
