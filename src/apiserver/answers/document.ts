import { encodeFields } from "@fairlead/api/codec/encode-value";
import { parseApiJson } from "@fairlead/api/codec/parse-json";
import { encodeEnvelope } from "@fairlead/api/codec/protobuf/encode-envelope";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { bytesResponse } from "../http/response.ts";
import type { Document, DocumentAnswer } from "./answer.ts";
import { compressed } from "./compression.ts";
import { readable } from "./indentation.ts";
import { JSON_TYPE } from "./json/json-writer.ts";
import type { Format } from "./negotiate.ts";
import { PROTOBUF_TYPE } from "./protobuf/protobuf-writer.ts";
import { yamlOf } from "./yaml/yaml.ts";
import { YAML_TYPE } from "./yaml/yaml-writer.ts";

/** The request that a document answers. */
export type Asked = Pick<ApiRequest, "path" | "headers">;

const encoder = new TextEncoder();
/** Media types of the formats. */
export const MEDIA_TYPES = { json: JSON_TYPE, yaml: YAML_TYPE, protobuf: PROTOBUF_TYPE } as const;

/** Writes a document in a format. */
export async function documentResponse(
  asked: Asked,
  { code, document, headers = {} }: Omit<DocumentAnswer, "type">,
  format: Format,
): Promise<ApiResponse> {
  const bytes = documentBytes(document, format);
  const response = bytesResponse(code, MEDIA_TYPES[format], bytes, headers);
  return readable(asked, compressed(asked, response, bytes.byteLength));
}

/** Returns the bytes of a document in a format. */
export function documentBytes({ schema, value }: Document, format: Format): Uint8Array {
  switch (format) {
    case "json":
      return encoder.encode(jsonOf({ schema, value }));
    case "yaml":
      return encoder.encode(yamlOf(parseApiJson(jsonOf({ schema, value }))));
    case "protobuf":
      return encodeEnvelope({ apiVersion: "", ...value }, schema, value);
  }
}

const TYPE_META: ReadonlySet<string> = new Set(["kind", "apiVersion"]);

function jsonOf({ schema, value }: Document): string {
  const { kind, apiVersion } = value;
  const version = apiVersion === undefined ? "" : `,"apiVersion":${JSON.stringify(apiVersion)}`;
  return `{"kind":${JSON.stringify(kind)}${version}${encodeFields(schema, { ...value }, TYPE_META)}}`;
}
