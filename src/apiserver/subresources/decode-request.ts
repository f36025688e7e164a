import { decodeValue } from "@fairlead/api/codec/decode";
import { strictProblems } from "@fairlead/api/codec/decode-object";
import { jsonText } from "@fairlead/api/codec/json-text";
import { parseApiJson } from "@fairlead/api/codec/parse-json";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Infer, Struct } from "@fairlead/api/schema";
import { StatusError } from "@fairlead/api/status-error";
import { decodeBody } from "../http/body.ts";
import { type RequestedWriteOptions, requestedWriteOptions } from "../http/write-options.ts";
import type { SubresourceRequest } from "./subresource.ts";

/** A request to create an object of another kind below an object. */
export interface DecodedRequest<T> {
  readonly value: T;
  readonly options: RequestedWriteOptions;
}

/**
 * Decodes the query and the body of a request below an object, which is of another kind than the object: a Binding, a
 * TokenRequest. The versions of all such kinds are `v1`. Warns of unknown and duplicate fields when the options ask for it.
 *
 * @throws {StatusError} `Invalid` for wrong options, `BadRequest` when the body is of another kind, does not fit the
 *   schema, or has unknown fields that the options do not allow.
 */
export function decodeRequest<S extends Struct>(
  { request, query, warn }: Pick<SubresourceRequest, "request" | "query" | "warn">,
  kind: string,
  schema: S,
): DecodedRequest<Infer<S>> {
  const options = requestedWriteOptions(query, "CreateOptions");
  const { value, duplicates } = decodeBody(request, { kind, schema });
  const said = kindOf(value);
  if (said !== "" && said !== kind) {
    throw new StatusError(
      "BadRequest",
      `the object provided is unrecognized (must be of type ${kind}): it is a ${said}`,
    );
  }
  const decoded = decodeValue(schema, value);
  if ("error" in decoded) throw new StatusError("BadRequest", decoded.error);
  const problems = strictProblems(duplicates, decoded.unknownFields);
  if (options.fieldValidation === "Strict" && problems.length > 0) {
    const detail = `strict decoding error: ${problems.join(", ")}`;
    throw new StatusError("BadRequest", `${kind} in version "v1" cannot be handled as a ${kind}: ${detail}`);
  }
  if (options.fieldValidation === "Warn") warn(problems);
  // The schema is the type's own: what fits it is of the type.
  return { value: decoded.value as Infer<S>, options };
}

/** Returns what admission plugins made of an object as if a client had written it. */
export function decodedBySchema<T extends KubeObject>(schema: Struct, object: T): T {
  const decoded = decodeValue(schema, parseApiJson(jsonText(object)));
  if ("error" in decoded) throw new StatusError("InternalError", decoded.error);
  return { kind: object.kind, apiVersion: object.apiVersion, ...(decoded.value as object) } as T;
}

function kindOf(value: unknown): string {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  return typeof kind === "string" ? kind : "";
}
