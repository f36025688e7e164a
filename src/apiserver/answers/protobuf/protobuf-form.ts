import type { EnvelopeType } from "@fairlead/api/codec/protobuf/encode-envelope";
import { type Kind, listKindOf } from "@fairlead/api/kind";
import { partialObjectMetadataSchema } from "@fairlead/api/meta/v1/partial-object-metadata";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { Struct } from "@fairlead/api/schema";
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
