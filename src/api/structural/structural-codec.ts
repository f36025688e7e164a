import type { Codec } from "../codec/codec.ts";
import { encodeValue } from "../codec/encode-value.ts";
import { canonicalText } from "../codec/json-text.ts";
import { objectMetaSchema } from "../meta/v1/object-meta.ts";
import { decodeCustom } from "./decode-custom.ts";
import { type JsonSchema, OBJECT_FIELDS } from "./json-schema.ts";
import { pruned } from "./prune.ts";

/**
 * Makes the codec of one version of a custom resource. Values are written with the keys of their objects in order; a field whose
 * value is zero stays.
 *
 * @param prunesOnWrite - Whether objects that are written may come from another version, with fields that this one does not
 *   have. Default false.
 */
export function structuralCodec(
  schema: JsonSchema,
  { prunesOnWrite = false }: { readonly prunesOnWrite?: boolean } = {},
): Codec {
  return {
    decode(json) {
      const decoded = decodeCustom(schema, json);
      if ("error" in decoded) return decoded;
      // A custom resource that was decoded is an object.
      const value = decoded.value as Readonly<Record<string, unknown>>;
      return { ...decoded, value: { ...value, metadata: value.metadata ?? {} } };
    },
    metadataText: (metadata) => encodeValue(objectMetaSchema, metadata),
    fieldsText(given) {
      // Pruning an object makes an object.
      const object = prunesOnWrite ? (pruned(schema, given, 0).value as typeof given) : given;
      let text = "";
      for (const name of Object.keys(object).sort()) {
        const value = object[name];
        if (!OBJECT_FIELDS.has(name) && value !== undefined)
          text += `,${canonicalText({ [name]: value }).slice(1, -1)}`;
      }
      return text;
    },
    newStatus: undefined,
  };
}
