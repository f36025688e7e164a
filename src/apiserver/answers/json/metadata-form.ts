import { bookmarkMetadata } from "../object-writer.ts";
import { partialList, partialObject } from "../partial-object.ts";
import type { JsonForm } from "./json-form.ts";

const encoder = new TextEncoder();

/** The metadata alone. @param version - Of `meta.k8s.io`. */
export function metadataForm(version: string): JsonForm {
  return {
    object: ({ object }) => encoder.encode(JSON.stringify(partialObject(object, version))),
    listHead: (meta) => `${JSON.stringify({ ...partialList(version), metadata: meta }).slice(0, -1)},"items":[`,
    item: ({ object }) => [JSON.stringify(partialObject(object, version))],
    bookmark: (...bookmark) => JSON.stringify(partialObject({ metadata: bookmarkMetadata(...bookmark) }, version)),
  };
}
