import type { Kind } from "../kind.ts";
import type { Struct } from "../schema.ts";
import type { Codec } from "./codec.ts";
import { decodeValue } from "./decode.ts";
import { encodeFields, encodeValue } from "./encode-value.ts";

const HEAD: ReadonlySet<string> = new Set(["apiVersion", "kind", "metadata"]);

const codecs = new WeakMap<Struct, Codec>();

/** Returns the codec of a kind: its own, or else one for its declared fields. */
export function codecOf({ codec, schema }: Pick<Kind, "codec" | "schema">): Codec {
  if (codec !== undefined) return codec;
  let declared = codecs.get(schema);
  if (declared === undefined) {
    declared = declaredCodec(schema);
    codecs.set(schema, declared);
  }
  return declared;
}

function declaredCodec(schema: Struct): Codec {
  const { metadata, status } = schema.fields;
  let newStatus: { readonly value: unknown } | undefined;
  return {
    decode: (json) => decodeValue(schema, json),
    metadataText: (value) => (metadata === undefined ? JSON.stringify(value) : encodeValue(metadata.schema, value)),
    fieldsText: (object) => encodeFields(schema, object, HEAD),
    get newStatus() {
      newStatus ??= { value: status && emptyValue(status.schema) };
      return newStatus.value;
    },
  };
}

function emptyValue(schema: Parameters<typeof decodeValue>[0]): unknown {
  const decoded = decodeValue(schema, {});
  return "error" in decoded ? undefined : decoded.value;
}
