import type { StoredObject } from "../registry/stored-object.ts";
import { annotated } from "./object-renderer.ts";
import type { Renderer } from "./renderer.ts";

const encoder = new TextEncoder();

/** The metadata alone, for clients that watch every kind alike. @param version - Of `meta.k8s.io`. */
export function metadataRenderer(version: string): Renderer {
  const apiVersion = `meta.k8s.io/${version}`;
  const partial = (stored: StoredObject) => JSON.stringify(partialObject(stored.object, version));
  return {
    single: (stored) => encoder.encode(partial(stored)),
    listHead: (metadata) =>
      `{"kind":"PartialObjectMetadataList","apiVersion":"${apiVersion}","metadata":${JSON.stringify(metadata)},"items":[`,
    item: (stored) => [partial(stored)],
    listTail: "]}\n",
    shared: false,
    bookmark: (resourceVersion, annotations) =>
      JSON.stringify({
        kind: "PartialObjectMetadata",
        apiVersion,
        metadata: { resourceVersion, creationTimestamp: null, ...annotated(annotations) },
      }),
  };
}

/** `meta.k8s.io` PartialObjectMetadata of an object. */
export function partialObject({ metadata }: Pick<StoredObject["object"], "metadata">, version: string) {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${version}`, metadata };
}
