import type { CustomResourceDefinition } from "@fairlead/api/apiextensions/v1/customresourcedefinition/customresourcedefinition-schema";
import { encodeStored } from "@fairlead/api/codec/encode";
import { parseApiJson } from "@fairlead/api/codec/parse-json";
import type { Kind } from "@fairlead/api/kind";
import { isJsonObject } from "@fairlead/api/patch/json-object";
import type { Conversion } from "@fairlead/api/resource-definition";
import { apiVersionOf, type KubeObject } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import { decodeCustom } from "@fairlead/api/structural/decode-custom";
import type { JsonSchema } from "@fairlead/api/structural/json-schema";
import { pruned } from "@fairlead/api/structural/prune";

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
