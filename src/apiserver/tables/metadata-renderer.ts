import type { StoredObject } from "../registry/stored-object.ts";
import { annotated } from "./object-renderer.ts";
import type { Renderer } from "./renderer.ts";

const API_VERSION = "meta.k8s.io/v1";
const encoder = new TextEncoder();

/** The metadata alone, for clients that watch every kind alike. */
export const metadataRenderer: Renderer = {
  single: (stored) => encoder.encode(JSON.stringify(partialObject(stored))),
  listHead: (metadata) =>
    `{"kind":"PartialObjectMetadataList","apiVersion":"${API_VERSION}","metadata":${JSON.stringify(metadata)},"items":[`,
  item: (stored) => [JSON.stringify(partialObject(stored))],
  listTail: "]}\n",
  shared: false,
  bookmark: (resourceVersion, annotations) =>
    JSON.stringify({
      kind: "PartialObjectMetadata",
      apiVersion: API_VERSION,
      metadata: { resourceVersion, creationTimestamp: null, ...annotated(annotations) },
    }),
};

/** `meta.k8s.io/v1` PartialObjectMetadata of an object. */
export function partialObject(stored: StoredObject) {
  return { kind: "PartialObjectMetadata", apiVersion: API_VERSION, metadata: stored.object.metadata };
}
