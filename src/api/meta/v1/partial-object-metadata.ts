import { field, list, struct } from "../../schema.ts";
import { listMetaSchema } from "./list-meta.ts";
import { objectMetaSchema } from "./object-meta.ts";
import { typeMeta } from "./type-meta.ts";

const PACKAGE = "io.k8s.apimachinery.pkg.apis.meta.v1";

/** The schema of `PartialObjectMetadata`: what every object has, for clients that treat all kinds alike. */
export const partialObjectMetadataSchema = struct(`${PACKAGE}.PartialObjectMetadata`, "The metadata of an object.", {
  ...typeMeta,
  metadata: field(1, objectMetaSchema, "Metadata of the object."),
});

/** The schema of `PartialObjectMetadataList`. */
export const partialObjectMetadataListSchema = struct(
  `${PACKAGE}.PartialObjectMetadataList`,
  "The metadata of the objects of a list.",
  {
    ...typeMeta,
    metadata: field(1, listMetaSchema, "Metadata of the list."),
    items: field(2, list(partialObjectMetadataSchema), "The objects.", { required: true }),
  },
);
