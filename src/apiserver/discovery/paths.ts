import { createHash } from "node:crypto";
import { apiGroupDiscoveryListSchema } from "@fairlead/api/apidiscovery/v2/api-group-discovery";
import type { Kind } from "@fairlead/api/kind";
import {
  apiGroupListSchema,
  apiGroupSchema,
  apiResourceListSchema,
  apiVersionsSchema,
} from "@fairlead/api/meta/v1/discovery";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import type { Document } from "../answers/answer.ts";
import { documentBytes, documentResponse, MEDIA_TYPES } from "../answers/document.ts";
import { negotiate } from "../answers/negotiate.ts";
import { bytesResponse } from "../http/response.ts";
import { type AggregatedForm, aggregatedDiscovery, aggregatedForm } from "./aggregated.ts";
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from "./resource-lists.ts";

/**
 * Answers `/api`, `/apis` and what is below them, or `undefined` where nothing is served.
 *
 * @throws {StatusError} `NotAcceptable` for a client that takes none of the formats.
 */
export async function discovery(
  kinds: readonly Kind[],
  request: ApiRequest,
  path: string,
  serverAddress: string,
): Promise<ApiResponse | undefined> {
  const { accept } = request.headers;
  const isRoot = /^\/apis?\/?$/.test(path);
  const form = isRoot ? aggregatedForm(accept) : undefined;
  if (form !== undefined) return aggregated(kinds, request, path.startsWith("/apis"), form);
  const document = plainDocument(kinds, path, serverAddress);
  if (document === undefined) return undefined;
  const { format } = negotiate(accept, { endpoint: "document" });
  return documentResponse(request, { code: 200, document, headers: isRoot ? { vary: "Accept" } : {} }, format);
}

function plainDocument(kinds: readonly Kind[], path: string, serverAddress: string): Document | undefined {
  const [root, group, version, ...rest] = path.split("/").filter((part) => part !== "");
  if (rest.length > 0 || (root !== "api" && root !== "apis")) return undefined;
  if (root === "api") {
    if (group === undefined) return { schema: apiVersionsSchema, value: apiVersions(serverAddress) };
    return version === undefined ? resourceList(kinds, group) : undefined;
  }
  if (group === undefined) return { schema: apiGroupListSchema, value: apiGroupList(kinds) };
  if (version !== undefined) return resourceList(kinds, `${group}/${version}`);
  const value = apiGroup(kinds, group);
  return value && { schema: apiGroupSchema, value };
}

function resourceList(kinds: readonly Kind[], groupVersion: string): Document | undefined {
  if (!kinds.some((kind) => apiVersionOf(kind) === groupVersion)) return undefined;
  return { schema: apiResourceListSchema, value: apiResourceList(kinds, groupVersion) };
}

function aggregated(
  kinds: readonly Kind[],
  request: ApiRequest,
  isGrouped: boolean,
  { format, version }: AggregatedForm,
): ApiResponse {
  const value = aggregatedDiscovery(kinds, !isGrouped, version);
  const body = documentBytes({ schema: apiGroupDiscoveryListSchema, value }, format);
  const etag = `"${createHash("sha512").update(body).digest("hex").toUpperCase()}"`;
  const headers = { etag, vary: "Accept", "cache-control": "public" };
  const contentType = `${MEDIA_TYPES[format]};g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  if (request.headers["if-none-match"] === etag) return bytesResponse(304, contentType, new Uint8Array(0), headers);
  return bytesResponse(200, contentType, body, headers);
}
