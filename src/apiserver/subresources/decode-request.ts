import { decodeValue } from "../../api/codec/decode.ts";
import type { Infer, Struct } from "../../api/schema.ts";
import { type Status, StatusError } from "../../api/status-error.ts";
import type { ApiRequest, ApiResponse } from "../../client/transport.ts";
import { decodeBody } from "../http/body.ts";
import { statusResponse } from "../http/response.ts";

/**
 * The body of a request below an object, which is of another kind than the object: a Binding, a TokenRequest.
 *
 * @throws {StatusError} `BadRequest` when it is of another kind, or does not fit the schema.
 */
export function decodeRequest<S extends Struct>(request: ApiRequest, kind: string, schema: S): Infer<S> {
  const { value } = decodeBody(request, { kind, schema });
  const said = kindOf(value);
  if (said !== "" && said !== kind) {
    throw new StatusError(
      "BadRequest",
      `the object provided is unrecognized (must be of type ${kind}): it is a ${said}`,
    );
  }
  const decoded = decodeValue(schema, value);
  if ("error" in decoded) throw new StatusError("BadRequest", decoded.error);
  // The schema is the type's own: what fits it is of the type.
  return decoded.value as Infer<S>;
}

function kindOf(value: unknown): string {
  const kind = typeof value === "object" && value !== null && "kind" in value ? value.kind : undefined;
  return typeof kind === "string" ? kind : "";
}

/** The answer to a request that was done and has nothing to show. */
export function success(code = 201): ApiResponse {
  const status: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code };
  return statusResponse(status);
}

/** Whether the request asks only to be tried. */
export function isDryRun(query: URLSearchParams): boolean {
  return query.getAll("dryRun").includes("All");
}
