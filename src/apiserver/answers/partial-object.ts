/** Returns `meta.k8s.io` PartialObjectMetadata of an object: what clients get that treat every kind alike. */
export function partialObject<M>({ metadata }: { readonly metadata: M }, version: string) {
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${version}`, metadata } as const;
}

/** Returns kind and version of a list of them. */
export function partialList(version: string) {
  return { kind: "PartialObjectMetadataList", apiVersion: `meta.k8s.io/${version}` } as const;
}
