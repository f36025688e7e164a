import type { Kind } from "../kind.ts";
import type { KubeObject } from "../resource-reference.ts";
import { apiVersionOf } from "../resource-reference.ts";
import { codecOf } from "./codec-of.ts";

/**
 * The canonical JSON text of an object: the same object always gives the same text.
 *
 * Starts with `{"kind":…,"apiVersion":…,"metadata":{`; the other fields follow in the schema's order, keys of maps
 * sorted. Absent and, where upstream does so, empty fields are left out. Fields that the schema does not know are too.
 */
export function encodeObject<T extends KubeObject>(kind: Kind<T>, object: T): string {
  return encoded(kind, object, false);
}

/** {@link encodeObject} for the store: without `metadata.resourceVersion`, which is the revision of the write. */
export function encodeStored<T extends KubeObject>(kind: Kind<T>, object: T): string {
  return encoded(kind, object, true);
}

function encoded(kind: Kind, object: KubeObject, forStore: boolean): string {
  const metadata: object = forStore ? { ...object.metadata, resourceVersion: undefined } : object.metadata;
  const head = `"kind":${JSON.stringify(kind.kind)},"apiVersion":${JSON.stringify(apiVersionOf(kind))}`;
  const codec = codecOf(kind);
  return `{${head},"metadata":${codec.metadataText(metadata)}${codec.fieldsText({ ...object })}}`;
}
