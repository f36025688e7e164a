import type { Column } from "@fairlead/api/column";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { ServedVersion } from "../../registry/served-version.ts";
import type { StoredObject } from "../../registry/stored-object.ts";
import { bookmarkMetadata } from "../object-writer.ts";
import { partialObject } from "../partial-object.ts";
import type { JsonForm } from "./json-form.ts";

/** What of the object each row carries; `meta.k8s.io` IncludeObjectPolicy. */
export type IncludeObject = "None" | "Metadata" | "Object";

export interface TableOptions {
  readonly served: Pick<ServedVersion, "kind" | "printedAs">;
  /** `v1` or `v1beta1`. */
  readonly version: string;
  readonly includeObject: IncludeObject;
  /** Milliseconds since the epoch, for ages. */
  now(): number;
}

const encoder = new TextEncoder();

/** Kinds that print nothing of their own. */
const defaultColumns: readonly Column<KubeObject>[] = [
  {
    name: "Name",
    type: "string",
    format: "name",
    description: "Name of the object.",
    priority: 0,
    cell: (o) => o.metadata.name,
  },
  {
    name: "Created At",
    type: "date",
    description: "When the object was created.",
    priority: 0,
    cell: (o) => o.metadata.creationTimestamp,
  },
];

/** Objects as rows of a table, as `kubectl get` asks for them. The form is good for one answer or one watch. */
export function tableForm({ served, version, includeObject, now }: TableOptions): JsonForm {
  const { kind, printedAs } = served;
  const columns = printedAs.columns.length === 0 ? defaultColumns : printedAs.columns;
  const printed = printedAs === kind ? ({ object }: StoredObject) => object : sourceOf;
  const typeMeta = `"kind":"Table","apiVersion":"meta.k8s.io/${version}"`;
  const definitions = JSON.stringify(columns.map(definition));
  // In a watch only the first event names the columns.
  let headed = false;

  const row = (stored: StoredObject) => {
    const { object } = stored;
    const subject = printed(stored);
    const cells = columns.map((column) => column.cell(subject, now()));
    if (includeObject === "None") return JSON.stringify({ cells });
    return JSON.stringify({
      cells,
      object: includeObject === "Object" ? object : partialObject(object, version),
    });
  };
  const table = (metadata: unknown, rows: string) => {
    const shown = headed ? "null" : definitions;
    headed = true;
    return `{${typeMeta},"metadata":${JSON.stringify(metadata)},"columnDefinitions":${shown},"rows":[${rows}]}`;
  };

  return {
    object: (stored) => encoder.encode(table({ resourceVersion: String(stored.revision) }, row(stored))),
    listHead: (meta) => `{${typeMeta},"metadata":${JSON.stringify(meta)},"columnDefinitions":${definitions},"rows":[`,
    item: (stored) => [row(stored)],
    bookmark(resourceVersion, annotations) {
      const { creationTimestamp: _, ...metadata } = bookmarkMetadata(resourceVersion, annotations);
      return table(metadata, "");
    },
  };
}

function sourceOf({ source, key }: StoredObject): KubeObject {
  if (source === undefined)
    throw new Error(`A table needs the stored object "${key}", but has only a conversion of it`);
  return source.object;
}

function definition({ name, type, format, description, priority }: Column<KubeObject>) {
  return { name, type, format: format ?? "", description, priority };
}
