import { createHash } from "node:crypto";
import type { Kind } from "@fairlead/api/kind";
import { apiVersionOf } from "@fairlead/api/resource-reference";
import type { ApiRequest, ApiResponse } from "@fairlead/client/transport/transport";
import { compressed } from "../answers/compression.ts";
import { preferred } from "../answers/negotiate.ts";
import { bytesResponse, textResponse } from "../http/response.ts";
import { openApiV2, openApiV2Json } from "./v2.ts";
import { encodeOpenApiV2 } from "./v2-protobuf.ts";
import { openApiV3 } from "./v3.ts";

/** Asked for with an `@` in the place of the last dot, which is no media type that could be answered. */
const V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const JSON_FORM = "application/json";
const V2_FORMS = [JSON_FORM, "application/com.github.proto-openapi.spec.v2@v1.0+protobuf", V2_PROTOBUF];
const encoder = new TextEncoder();

/** Answers `/openapi/v2`, `/openapi/v3` and what is below it; `undefined` for other paths. */
export type OpenApiDocuments = (request: ApiRequest, path: string, query: URLSearchParams) => ApiResponse | undefined;

interface Document {
  readonly body: Uint8Array;
  readonly hash: string;
}

/**
 * The published descriptions of what is served. Each is written when it is first asked for, and kept while what it describes
 * stays the same.
 */
export function openApiDocuments(served: { readonly kinds: readonly Kind[] }, release: string): OpenApiDocuments {
  const kept = new Map<string, KeptDocument>();
  const document = (name: string, kinds: readonly Kind[], write: () => Uint8Array): Document => {
    const known = kept.get(name);
    if (known !== undefined && isSameList(known.kinds, kinds)) return known;
    const made = { ...hashed(write()), kinds };
    kept.set(name, made);
    return made;
  };
  const json = (value: unknown) => encoder.encode(JSON.stringify(value));

  return (request, path, query) => {
    const { kinds } = served;
    const byVersion = Map.groupBy(kinds, apiVersionOf);
    const v3 = (groupVersion: string) =>
      document(groupVersion, byVersion.get(groupVersion) ?? [], () => json(openApiV3(kinds, groupVersion, release)));
    const paths = new Map([...byVersion.keys()].map((groupVersion) => [v3Path(groupVersion), groupVersion]));
    for (const name of kept.keys()) if (!isWhole(name) && !byVersion.has(name)) kept.delete(name);
    if (path === "/openapi/v2") {
      const form = accepted(request, V2_FORMS);
      if (form === undefined) return notAcceptable();
      const made =
        form === JSON_FORM
          ? document(WHOLE.json, kinds, () => json(openApiV2Json(openApiV2(kinds, release))))
          : document(WHOLE.protobuf, kinds, () => encodeOpenApiV2(openApiV2(kinds, release)));
      return answer(request, form === JSON_FORM ? form : V2_PROTOBUF, made, {});
    }
    if (path === "/openapi/v3" || path === "/openapi/v3/") {
      const entries = [...paths].map(([name, groupVersion]) => {
        return [name, { serverRelativeURL: `/openapi/v3/${name}?hash=${v3(groupVersion).hash}` }];
      });
      return answer(request, JSON_FORM, hashed(json({ paths: Object.fromEntries(entries) })), {});
    }
    const groupVersion = path.startsWith("/openapi/v3/") ? paths.get(path.slice("/openapi/v3/".length)) : undefined;
    if (groupVersion === undefined) return undefined;
    if (accepted(request, [JSON_FORM]) === undefined) return notAcceptable();
    const made = v3(groupVersion);
    const hash = query.get("hash") ?? "";
    if (hash !== "" && hash !== made.hash) {
      const location = `/openapi/v3/${v3Path(groupVersion)}?hash=${made.hash}`;
      return textResponse(301, "", { location, etag: `"${made.hash}"`, vary: "Accept" });
    }
    return answer(request, JSON_FORM, made, {
      "cache-control": hash === "" ? "no-cache, private" : "public, immutable, max-age=31536000",
    });
  };
}

interface KeptDocument extends Document {
  /** What it describes. */
  readonly kinds: readonly Kind[];
}

/** Names of the documents that describe everything. No group and version has them. */
const WHOLE = { json: "v2 as JSON", protobuf: "v2 as protobuf" };

function isWhole(name: string): boolean {
  return name === WHOLE.json || name === WHOLE.protobuf;
}

function isSameList(one: readonly Kind[], other: readonly Kind[]): boolean {
  return one === other || (one.length === other.length && one.every((kind, index) => kind === other[index]));
}

function hashed(body: Uint8Array): Document {
  return { body, hash: createHash("sha512").update(body).digest("hex").toUpperCase() };
}

/** Returns the form that the client prefers among `forms`. */
function accepted({ headers }: ApiRequest, forms: readonly string[]): string | undefined {
  for (const { mediaType } of preferred(headers.accept || "*/*")) {
    const form = forms.find((one) => one === mediaType || mediaType === "*/*" || mediaType === "application/*");
    if (form !== undefined) return form;
  }
  return undefined;
}

function notAcceptable(): ApiResponse {
  return textResponse(406, "", { vary: "Accept" });
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
