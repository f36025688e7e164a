import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { wireFields } from "@fairlead/api/codec/protobuf/read-wire";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { builtinKinds } from "@fairlead/api/kinds";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import { openApiDocuments } from "./documents.ts";
import type { JsonSchema } from "./json-schema.ts";
import { openApiV2, openApiV2Json } from "./v2.ts";
import { encodeOpenApiV2 } from "./v2-protobuf.ts";
import { openApiV3 } from "./v3.ts";

const request = (headers: Record<string, string> = {}): ApiRequest => ({ method: "GET", path: "", headers });

test("the index leads to a document per group and version, pinned by its hash", async () => {
  const documents = openApiDocuments({ kinds: builtinKinds }, "v1");
  const ask = (url: string, headers = {}) => {
    const { pathname, searchParams } = new URL(url, "http://x");
    return documents(request(headers), pathname, searchParams);
  };
  const index = ask("/openapi/v3");
  assert.ok(index !== undefined);
  const { paths } = JSON.parse(await text(index.body));
  const pinned = ask(paths["api/v1"].serverRelativeURL);
  assert.match(pinned?.headers["cache-control"] ?? "", /immutable/);
  assert.equal(ask("/openapi/v3/api/v1")?.headers["cache-control"], "no-cache, private");
  const again = ask("/openapi/v3/api/v1", { "if-none-match": pinned?.headers.etag ?? "" });
  assert.equal(again?.status, 304);
  assert.equal(ask("/openapi/v3/api/v9"), undefined);
});

const negotiated: readonly { readonly path: string; readonly accept?: string; readonly want: string }[] = [
  { path: "/openapi/v3/api/v1?hash=WRONG", want: "301 /openapi/v3/api/v1?hash=HASH" },
  { path: "/openapi/v3/api/v1?hash=", want: "200 application/json" },
  { path: "/openapi/v3/api/v1", accept: "text/html", want: "406 " },
  { path: "/openapi/v3/api/v1", accept: "application/com.github.proto-openapi.spec.v3@v1.0+protobuf", want: "406 " },
  { path: "/openapi/v3/api/v1", accept: "text/html, */*;q=0.1", want: "200 application/json" },
  { path: "/openapi/v2", want: "200 application/json" },
  { path: "/openapi/v2", accept: "application/json, */*", want: "200 application/json" },
  {
    path: "/openapi/v2",
    accept: "application/com.github.proto-openapi.spec.v2@v1.0+protobuf",
    want: "200 application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
  },
  { path: "/openapi/v2", accept: "text/html", want: "406 " },
];

for (const { path, accept, want } of negotiated) {
  test(`an OpenAPI document: ${path} for ${accept ?? "any client"}`, () => {
    const { pathname, searchParams } = new URL(path, "http://x");
    const headers = accept === undefined ? {} : { accept };
    const response = openApiDocuments({ kinds: [configMapKind] }, "v1")(request(headers), pathname, searchParams);
    const { location, "content-type": type } = response?.headers ?? {};
    const shown = location?.replace(/hash=[0-9A-F]{128}$/, "hash=HASH") ?? (response?.status === 406 ? "" : type);
    assert.equal(`${response?.status} ${shown}`, want);
    assert.equal(response?.headers.vary, "Accept");
  });
}

test("an OpenAPI document that is compressed still differs by what clients accept", () => {
  const { searchParams } = new URL("http://x");
  const response = openApiDocuments({ kinds: builtinKinds }, "v1")(
    request({ "accept-encoding": "gzip" }),
    "/openapi/v2",
    searchParams,
  );
  assert.equal(response?.headers["content-encoding"], "gzip");
  assert.equal(response?.headers.vary, "Accept, Accept-Encoding");
});

test("every reference in the documents leads somewhere", () => {
  for (const groupVersion of ["v1", "apps/v1", "discovery.k8s.io/v1", "rbac.authorization.k8s.io/v1"]) {
    const document = openApiV3(builtinKinds, groupVersion, "v1");
    const known = new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`));
    assert.deepEqual(
      [...refs(document)].filter((ref) => !known.has(ref)),
      [],
    );
  }
  const v2 = openApiV2(builtinKinds, "v1");
  const known = new Set(Object.keys(v2.definitions).map((name) => `#/definitions/${name}`));
  assert.deepEqual(
    [...refs(v2)].filter((ref) => !known.has(ref)),
    [],
  );
});

test("a subresource with a schema of its own is described by it", () => {
  const { components, paths } = openApiV3(builtinKinds, "apps/v1", "v1");
  const scale = "io.k8s.api.autoscaling.v1.Scale";
  const kind = { group: "autoscaling", version: "v1", kind: "Scale" };
  const described: Record<string, unknown> = { ...components.schemas[scale] };
  assert.deepEqual(described["x-kubernetes-group-version-kind"], [kind]);
  const path: unknown = paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale"];
  const { get, put, patch } = path as Record<string, unknown>;
  for (const operation of [get, put, patch]) {
    assert.match(JSON.stringify(operation), new RegExp(`"\\$ref":"#/components/schemas/${scale}"`));
    assert.match(JSON.stringify(operation), new RegExp(JSON.stringify(kind)));
  }
});

test("a kind's schema says what patches need", () => {
  const { components, paths } = openApiV3([serviceKind], "v1", "v1");
  const spec: JsonSchema | undefined = components.schemas["io.k8s.api.core.v1.ServiceSpec"];
  const ports = spec?.properties?.ports;
  assert.equal(ports?.["x-kubernetes-patch-merge-key"], "port");
  assert.deepEqual(ports?.["x-kubernetes-list-map-keys"], ["port", "protocol"]);
  const item: unknown = paths["/api/v1/namespaces/{namespace}/services/{name}"];
  assert.match(JSON.stringify(item), /"fieldValidation"/);
});

test("every path whose patch is of a kind says which patches it takes", () => {
  const { paths } = openApiV3(builtinKinds, "v1", "v1");
  const types = Object.entries(paths).flatMap(([path, item]) => {
    const patch: unknown = "patch" in item ? item.patch : undefined;
    const { requestBody, "x-kubernetes-group-version-kind": gvk } = (patch ?? {}) as {
      readonly requestBody?: { readonly content: object };
      readonly "x-kubernetes-group-version-kind"?: { readonly kind: string };
    };
    if (gvk === undefined || gvk.kind.endsWith("ProxyOptions")) return [];
    return [
      [path, Object.keys(requestBody?.content ?? {}).includes("application/strategic-merge-patch+json")] as const,
    ];
  });
  assert.ok(types.length > 10);
  assert.deepEqual(
    types.filter(([, strategic]) => !strategic).map(([path]) => path),
    [],
  );
});

test("the protobuf form of version 2 names the same paths and definitions as the JSON form", () => {
  const document = openApiV2([configMapKind], "v1");
  const names = (number: number, inner: number) => {
    const [message] = [...wireFields(encodeOpenApiV2(document))].filter((field) => field.number === number);
    return [...wireFields(message?.bytes ?? new Uint8Array(0))]
      .filter((field) => field.number === inner)
      .map(({ bytes }) => [...wireFields(bytes ?? new Uint8Array(0))][0]?.bytes)
      .map((name) => Buffer.from(name ?? "").toString());
  };
  assert.deepEqual(names(8, 2), Object.keys(openApiV2Json(document).paths));
  assert.deepEqual(names(9, 1), Object.keys(document.definitions));
});

function* refs(value: unknown): Generator<string> {
  if (typeof value !== "object" || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === "$ref" && typeof inner === "string") yield inner;
    else yield* refs(inner);
  }
}
