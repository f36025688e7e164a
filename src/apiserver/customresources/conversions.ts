import type { CustomResourceDefinition } from "../../api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema.ts";
import { encodeStored } from "../../api/codec/encode.ts";
import { parseApiJson } from "../../api/codec/parse-json.ts";
import type { Kind } from "../../api/kind.ts";
import { isJsonObject } from "../../api/patch/json-object.ts";
import type { Conversion } from "../../api/resource-definition.ts";
import { apiVersionOf, type KubeObject } from "../../api/resource-reference.ts";
import { StatusError } from "../../api/status-error.ts";
import { decodeCustom } from "../../api/structural/decode-custom.ts";
import type { JsonSchema } from "../../api/structural/json-schema.ts";
import { pruned } from "../../api/structural/prune.ts";

/** A version besides the storage version. */
interface OtherVersion {
  readonly kind: Kind;
  readonly schema: JsonSchema;
  readonly storage: Kind;
}

/** Returns how objects get from a version to the storage version and back, as the definition says. */
export function conversionOf({ spec }: CustomResourceDefinition, { kind, schema, storage }: OtherVersion): Conversion {
  if (spec.conversion.strategy !== "None") {
    const refuse = (): never => {
      const named = `${apiVersionOf(kind)}, Kind=${kind.kind}`;
      const message = `conversion webhook for ${named} failed: this server does not call conversion webhooks`;
      throw new StatusError("InternalError", message);
    };
    return { toStorage: refuse, fromStorage: refuse };
  }
  return {
    // What the storage version has no field for is dropped when the object is written.
    toStorage: (objects) => objects.map((object) => inVersion(object, storage)),
    fromStorage: (objects) => objects.map((object) => inVersion(prunedObject(schema, object), kind)),
  };
}

function inVersion(object: KubeObject, kind: Kind): KubeObject {
  return { ...object, apiVersion: apiVersionOf(kind) };
}

function prunedObject(schema: JsonSchema, object: KubeObject): KubeObject {
  // Pruning keeps what every object has.
  return pruned(schema, object, 0).value as KubeObject;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/**
 * Returns how stored objects are read: they may have been written in another version, which was the storage version then, or
 * when the schema was another. Fields that are not known any more are dropped, and defaults filled in.
 *
 * Source: `crdConversionRESTOptionsGetter` of upstream's pkg/apiserver/customresource_handler.go.
 */
export function storedFormReader(
  { spec }: CustomResourceDefinition,
  schemas: ReadonlyMap<string, JsonSchema>,
): (kind: Kind, bytes: Uint8Array) => Uint8Array {
  return (kind, bytes) => {
    const json = parseApiJson(decoder.decode(bytes));
    if (!isJsonObject(json)) return bytes;
    const version = String(json.apiVersion).split("/").at(-1) ?? "";
    const schema = schemas.get(version) ?? schemas.get(kind.version);
    const decoded = schema === undefined ? undefined : decodeCustom(schema, json);
    // What was stored once was an object; a field that cannot be read any more stays for its writer to mend.
    if (decoded === undefined || "error" in decoded) return bytes;
    const object = { ...(decoded.value as KubeObject), apiVersion: `${spec.group}/${kind.version}`, kind: kind.kind };
    return encoder.encode(encodeStored(kind, object));
  };
}
