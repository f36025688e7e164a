import { createHash } from "node:crypto";
import type { Kind } from "../../api/kind.ts";
import { apiVersionOf } from "../../api/kind.ts";
import type { ApiRequest, ApiResponse } from "../../client/transport.ts";
import { compressed } from "../http/compression.ts";
import { bytesResponse, jsonResponse } from "../http/response.ts";
import { openApiV2, openApiV2Json } from "./v2.ts";
import { encodeOpenApiV2 } from "./v2-protobuf.ts";
import { openApiV3 } from "./v3.ts";

/** Asked for with an `@` in the place of the last dot, which is no media type that could be answered. */
const V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const encoder = new TextEncoder();

/** Answers `/openapi/v2`, `/openapi/v3` and what is below it; `undefined` for other paths. */
export type OpenApiDocuments = (request: ApiRequest, path: string, query: URLSearchParams) => ApiResponse | undefined;

interface Document {
  readonly body: Uint8Array;
  readonly hash: string;
}

/** The published descriptions of some kinds. Each is written when it is first asked for, and kept. */
export function openApiDocuments(kinds: readonly Kind[], release: string): OpenApiDocuments {
  const kept = new Map<string, Document>();
  const document = (name: string, write: () => Uint8Array): Document => {
    const known = kept.get(name);
    if (known !== undefined) return known;
    const body = write();
    const made = { body, hash: createHash("sha512").update(body).digest("hex").toUpperCase() };
    kept.set(name, made);
    return made;
  };
  const json = (value: unknown) => encoder.encode(JSON.stringify(value));
  const v3 = (groupVersion: string) => document(groupVersion, () => json(openApiV3(kinds, groupVersion, release)));
  const paths = new Map(kinds.map((kind) => [v3Path(apiVersionOf(kind)), apiVersionOf(kind)]));

  return (request, path, query) => {
    if (path === "/openapi/v2") {
      const wantsProtobuf = (request.headers.accept ?? "").includes("proto-openapi.spec.v2");
      const made = wantsProtobuf
        ? document("v2 protobuf", () => encodeOpenApiV2(openApiV2(kinds, release)))
        : document("v2", () => json(openApiV2Json(openApiV2(kinds, release))));
      return answer(request, wantsProtobuf ? V2_PROTOBUF : "application/json", made, {});
    }
    if (path === "/openapi/v3" || path === "/openapi/v3/") {
      const entries = [...paths].map(([name, groupVersion]) => {
        return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${v3(groupVersion).hash}` }];
      });
      return jsonResponse(200, { paths: Object.fromEntries(entries) });
    }
    const groupVersion = path.startsWith("/openapi/v3/") ? paths.get(path.slice("/openapi/v3/".length)) : undefined;
    if (groupVersion === undefined) return undefined;
    const made = v3(groupVersion);
    const isPinned = query.get("hash") === made.hash;
    return answer(request, "application/json", made, {
      "cache-control": isPinned ? "public, immutable, max-age=31536000" : "no-cache, private",
    });
  };
}

function v3Path(groupVersion: string): string {
  return groupVersion.includes("/") ? `apis/${groupVersion}` : `api/${groupVersion}`;
}

function answer(
  request: ApiRequest,
  contentType: string,
  { body, hash }: Document,
  headers: Readonly<Record<string, string>>,
): ApiResponse {
  const all = { etag: `"${hash}"`, vary: "Accept", ...headers };
  if (request.headers["if-none-match"] === all.etag)
    return { ...bytesResponse(304, contentType, new Uint8Array(0), all) };
  return compressed(request, bytesResponse(200, contentType, body, all), body.byteLength);
}
