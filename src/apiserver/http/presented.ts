import { setImmediate as turn } from "node:timers/promises";
import { parseApiJson } from "../../api/codec/parse-json.ts";
import { StatusError } from "../../api/status-error.ts";
import type { ApiRequest, ApiResponse } from "../../client/transport.ts";
import { compressed } from "./compression.ts";
import { readable } from "./indentation.ts";
import { type Endpoint, negotiate } from "./negotiate.ts";
import { bytesResponse } from "./response.ts";
import { yamlOf } from "./yaml.ts";

type Asked = Pick<ApiRequest, "path" | "headers">;

const YAML = "application/yaml";
/** Lists are written in steps of about this many objects; between two of them other requests get their turn. */
const OBJECTS_PER_TURN = 50;

/**
 * Returns an answer in the form that the client asked for: JSON as YAML, or indented for people. Leaves other bodies and
 * compressed ones unchanged, and all of them when no accepted form can be served.
 *
 * @param endpoint - As what the answer was negotiated.
 */
export async function presented(request: Asked, response: ApiResponse, endpoint: Endpoint): Promise<ApiResponse> {
  const { "content-type": type, "content-encoding": encoding } = response.headers;
  if (type !== "application/json" || encoding !== undefined) return response;
  return isYaml(request, endpoint) ? asYaml(request, response) : readable(request, response);
}

/** Whether a client gets YAML. */
export function isYaml({ headers }: Pick<Asked, "headers">, endpoint: Endpoint): boolean {
  // Fast path: most clients do not name YAML.
  if (headers.accept?.includes("yaml") !== true) return false;
  try {
    return negotiate(headers.accept, endpoint).format === "yaml";
  } catch (error) {
    if (error instanceof StatusError) return false;
    throw error;
  }
}

async function asYaml(request: Asked, response: ApiResponse): Promise<ApiResponse> {
  const { "content-type": _type, "content-length": _length, ...headers } = response.headers;
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) pieces.push(piece);
  const value = parseApiJson(Buffer.concat(pieces).toString());
  const body = Buffer.from((await listText(value)) ?? yamlOf(value));
  return compressed(request, bytesResponse(response.status, YAML, body, headers), body.byteLength);
}

/** Writes a large list step by step. Returns `undefined` for other values. */
async function listText(value: unknown): Promise<string | undefined> {
  if (typeof value !== "object" || value === null || !("items" in value)) return undefined;
  const { items, ...rest } = value;
  if (!Array.isArray(items) || items.length <= OBJECTS_PER_TURN) return undefined;
  const parts = ["items:\n"];
  for (let at = 0; at < items.length; at += OBJECTS_PER_TURN) {
    parts.push(yamlOf(items.slice(at, at + OBJECTS_PER_TURN)));
    await turn();
  }
  return yamlOf(rest) + parts.join("");
}
