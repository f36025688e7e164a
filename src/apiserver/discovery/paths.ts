import { createHash } from "node:crypto";
import type { Kind } from "../../api/kind.ts";
import { apiVersionOf } from "../../api/resource-reference.ts";
import type { ApiRequest, ApiResponse } from "../../client/transport.ts";
import { bytesResponse, jsonResponse } from "../http/response.ts";
import { aggregatedDiscovery, aggregatedVersion } from "./aggregated.ts";
import { apiGroup, apiGroupList, apiResourceList, apiVersions } from "./resource-lists.ts";

const encoder = new TextEncoder();

/** Answers `/api`, `/apis` and what is below them, or `undefined` where nothing is served. */
export function discovery(
  kinds: readonly Kind[],
  request: ApiRequest,
  path: string,
  serverAddress: string,
): ApiResponse | undefined {
  const [root, group, version, ...rest] = path.split("/").filter((part) => part !== "");
  if (rest.length > 0 || (root !== "api" && root !== "apis")) return undefined;
  if (group === undefined) return rootDiscovery(kinds, request, root === "api", serverAddress);
  if (root === "api") return version === undefined ? resources(kinds, group) : undefined;
  if (version !== undefined) return resources(kinds, `${group}/${version}`);
  const found = apiGroup(kinds, group);
  return found === undefined ? undefined : jsonResponse(200, found);
}

function rootDiscovery(
  kinds: readonly Kind[],
  request: ApiRequest,
  legacy: boolean,
  serverAddress: string,
): ApiResponse {
  const version = aggregatedVersion(request.headers.accept);
  if (version === undefined) {
    return jsonResponse(200, legacy ? apiVersions(serverAddress) : apiGroupList(kinds), { vary: "Accept" });
  }
  const body = encoder.encode(JSON.stringify(aggregatedDiscovery(kinds, legacy, version)));
  const etag = `"${createHash("sha512").update(body).digest("hex").toUpperCase()}"`;
  const headers = { etag, vary: "Accept", "cache-control": "public" };
  const contentType = `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`;
  if (request.headers["if-none-match"] === etag) return bytesResponse(304, contentType, new Uint8Array(0), headers);
  return bytesResponse(200, contentType, body, headers);
}

function resources(kinds: readonly Kind[], groupVersion: string): ApiResponse | undefined {
  if (!kinds.some((kind) => apiVersionOf(kind) === groupVersion)) return undefined;
  return jsonResponse(200, apiResourceList(kinds, groupVersion));
}
