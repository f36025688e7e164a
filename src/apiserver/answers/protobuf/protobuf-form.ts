import type { EnvelopeType } from "../../../api/codec/protobuf/encode-envelope.ts";
import { type Kind, listKindOf } from "../../../api/kind.ts";
import { partialObjectMetadataSchema } from "../../../api/meta/v1/partial-object-metadata.ts";
import { apiVersionOf } from "../../../api/resource-reference.ts";
import type { Struct } from "../../../api/schema.ts";
import { partialList, partialObject } from "../partial-object.ts";

/** What the objects of one version of a resource become in protobuf: themselves, or their metadata. */
export interface ProtobufForm {
  readonly type: EnvelopeType;
  readonly listType: EnvelopeType;
  /** Of the message of one object. */
  readonly schema: Struct;
  /** As {@link ByteEventWriter.sharedAs}. */
  readonly sharedAs: string;
}

/** Objects themselves. The kind has its fields declared: custom resources have no protobuf form. */
export function objectForm(kind: Kind): ProtobufForm {
  const apiVersion = apiVersionOf(kind);
  return {
    type: { apiVersion, kind: kind.kind },
    listType: { apiVersion, kind: listKindOf(kind) },
    schema: kind.schema,
    sharedAs: "protobuf",
  };
}

/** The metadata alone. @param version - Of `meta.k8s.io`. */
export function metadataForm(version: string): ProtobufForm {
  const { metadata: _, ...type } = partialObject({ metadata: {} }, version);
  return {
    type,
    listType: partialList(version),
    schema: partialObjectMetadataSchema,
    sharedAs: `protobuf metadata ${version}`,
  };
}
