import type { ObjectMeta } from "../../../meta/v1/object-meta.ts";

/** Where the class stood before there was a field for it. It still comes first. */
export const CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

/** The storage class of a volume or of a claim; empty for none. */
export function storageClassOf({
  metadata,
  spec,
}: {
  readonly metadata: Pick<ObjectMeta, "annotations">;
  readonly spec: { readonly storageClassName?: string | undefined };
}): string {
  return metadata.annotations?.[CLASS_ANNOTATION] ?? spec.storageClassName ?? "";
}
