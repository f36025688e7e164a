import assert from "node:assert/strict";
import { buffer, text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { decodeEnvelope } from "@fairlead/api/codec/protobuf/decode-envelope";
import { decodeMessage } from "@fairlead/api/codec/protobuf/decode-message";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import {
  apiGroupListSchema,
  apiGroupSchema,
  apiResourceListSchema,
  apiVersionsSchema,
} from "@fairlead/api/meta/v1/discovery";
import { listMetaSchema } from "@fairlead/api/meta/v1/list-meta";
import { field, list as listOf, struct } from "@fairlead/api/schema";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import { parse } from "yaml";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";
import type { VirtualKinds } from "../virtual/virtual-kind.ts";

const MAPS = "/api/v1/namespaces/default/configmaps";
const META = ";as=PartialObjectMetadata;v=v1beta1;g=meta.k8s.io";
const REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const REVIEW = { spec: { nonResourceAttributes: { path: "/", verb: "get" } } };

async function started(t: TestContext) {
  const virtualKinds: VirtualKinds = new Map([
    ["selfsubjectaccessreviews.authorization.k8s.io", async (question) => question],
  ]);
  const api = await startTestApiServer({ virtualKinds });
  t.after(() => api.stop());
  await api.client().create(configMapKind, { metadata: { name: "a", namespace: "default" }, data: { x: "1" } });
  return async (method: ApiRequest["method"], path: string, accept: string, body?: object) => {
    const headers = { accept, ...(body !== undefined && { "content-type": "application/json" }) };
    const sent = body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) };
    return api.handle({ method, path, headers, ...sent });
  };
}

const rows: readonly {
  readonly name: string;
  readonly request: string;
  readonly accept: string;
  readonly body?: object;
  /** Status, media type, kind and version. */
  readonly want: string;
}[] = [
  {
    name: "an object",
    request: `GET ${MAPS}/a`,
    accept: "application/yaml",
    want: "200 application/yaml ConfigMap v1",
  },
  { name: "a list", request: `GET ${MAPS}`, accept: "application/yaml", want: "200 application/yaml ConfigMapList v1" },
  {
    name: "an object that is created",
    request: `POST ${MAPS}`,
    accept: "application/yaml",
    body: { metadata: { name: "b" } },
    want: "201 application/yaml ConfigMap v1",
  },
  { name: "a Status", request: `DELETE ${MAPS}/a`, accept: "application/yaml", want: "200 application/yaml Status v1" },
  { name: "a refusal", request: `GET ${MAPS}/z`, accept: "application/yaml", want: "404 application/yaml Status v1" },
  {
    name: "a question",
    request: `POST ${REVIEWS}`,
    accept: "application/yaml",
    body: REVIEW,
    want: "201 application/yaml SelfSubjectAccessReview authorization.k8s.io/v1",
  },
  { name: "groups", request: "GET /apis", accept: "application/yaml", want: "200 application/yaml APIGroupList v1" },
  {
    name: "resources",
    request: "GET /api/v1",
    accept: "application/yaml",
    want: "200 application/yaml APIResourceList",
  },
  {
    name: "a table in YAML",
    request: `GET ${MAPS}`,
    accept: "application/yaml;as=Table;v=v1;g=meta.k8s.io",
    want: "200 application/yaml Table meta.k8s.io/v1",
  },
  {
    name: "a watch in YAML is refused, in YAML",
    request: `GET ${MAPS}?watch=1`,
    accept: "application/yaml",
    want: "406 application/yaml Status v1",
  },
  {
    name: "a refusal of what cannot be had is JSON",
    request: `GET ${MAPS}/a`,
    accept: "text/html",
    want: "406 application/json Status v1",
  },
  {
    name: "discovery for browsers alone",
    request: "GET /api",
    accept: "text/html",
    want: "406 application/json Status v1",
  },
  {
    name: "a table of a question",
    request: `POST ${REVIEWS}`,
    accept: "application/json;as=Table;v=v1;g=meta.k8s.io",
    body: REVIEW,
    want: "406 application/json Status v1",
  },
  {
    name: "older metadata",
    request: `GET ${MAPS}/a`,
    accept: `application/json${META}`,
    want: "200 application/json PartialObjectMetadata meta.k8s.io/v1beta1",
  },
  {
    name: "older metadata of a list",
    request: `GET ${MAPS}`,
    accept: `application/json${META.replace("Metadata;", "MetadataList;")}`,
    want: "200 application/json PartialObjectMetadataList meta.k8s.io/v1beta1",
  },
  {
    name: "metadata of a question",
    request: `POST ${REVIEWS}`,
    accept: `application/json${META}`,
    body: REVIEW,
    want: "201 application/json PartialObjectMetadata meta.k8s.io/v1beta1",
  },
];

const PROTOBUF = "application/vnd.kubernetes.protobuf";
const PROTOBUF_ROWS: typeof rows = [
  { name: "an object", request: `GET ${MAPS}/a`, accept: PROTOBUF, want: `200 ${PROTOBUF} ConfigMap v1` },
  { name: "a list", request: `GET ${MAPS}`, accept: PROTOBUF, want: `200 ${PROTOBUF} ConfigMapList v1` },
  {
    name: "an object that is created",
    request: `POST ${MAPS}`,
    accept: PROTOBUF,
    body: { metadata: { name: "b" } },
    want: `201 ${PROTOBUF} ConfigMap v1`,
  },
  { name: "a Status", request: `DELETE ${MAPS}/a`, accept: PROTOBUF, want: `200 ${PROTOBUF} Status v1` },
  { name: "a refusal", request: `GET ${MAPS}/z`, accept: PROTOBUF, want: `404 ${PROTOBUF} Status v1` },
  {
    name: "a question",
    request: `POST ${REVIEWS}`,
    accept: PROTOBUF,
    body: REVIEW,
    want: `201 ${PROTOBUF} SelfSubjectAccessReview authorization.k8s.io/v1`,
  },
  { name: "versions", request: "GET /api", accept: PROTOBUF, want: `200 ${PROTOBUF} APIVersions ` },
  { name: "groups", request: "GET /apis", accept: PROTOBUF, want: `200 ${PROTOBUF} APIGroupList v1` },
  { name: "resources", request: "GET /apis/apps/v1", accept: PROTOBUF, want: `200 ${PROTOBUF} APIResourceList v1` },
  {
    name: "everything that is served",
    request: "GET /apis",
    accept: `${PROTOBUF};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList`,
    want: `200 ${PROTOBUF};g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList APIGroupDiscoveryList apidiscovery.k8s.io/v2`,
  },
  {
    name: "metadata",
    request: `GET ${MAPS}/a`,
    accept: `${PROTOBUF}${META}`,
    want: `200 ${PROTOBUF} PartialObjectMetadata meta.k8s.io/v1beta1`,
  },
  {
    name: "metadata of a list",
    request: `GET ${MAPS}`,
    accept: `${PROTOBUF}${META.replace("Metadata;", "MetadataList;")}`,
    want: `200 ${PROTOBUF} PartialObjectMetadataList meta.k8s.io/v1beta1`,
  },
  {
    name: "metadata of an object that is deleted is a Status",
    request: `DELETE ${MAPS}/a`,
    accept: `${PROTOBUF}${META}`,
    want: `200 ${PROTOBUF} Status v1`,
  },
];

for (const { name, request, accept, body, want } of PROTOBUF_ROWS) {
  test(`answers in protobuf: ${name}`, async (t) => {
    const send = await started(t);
    const [method = "", path = ""] = request.split(" ");
    const response = await send(method as "GET", path, accept, body);
    const { kind, apiVersion } = decodeEnvelope(await buffer(response.body));
    assert.equal(`${response.status} ${response.headers["content-type"]} ${kind} ${apiVersion}`, want);
  });
}

for (const { name, request, accept, body, want } of rows) {
  test(`answers: ${name}`, async (t) => {
    const send = await started(t);
    const [method = "", path = ""] = request.split(" ");
    const response = await send(method as "GET", path, accept, body);
    const answer = parse(await text(response.body));
    const shown = [response.status, response.headers["content-type"], answer.kind, answer.apiVersion];
    assert.equal(shown.filter((part) => part !== undefined).join(" "), want);
  });
}

const configMapList = struct("ConfigMapList", "", {
  metadata: field(1, listMetaSchema, ""),
  items: field(2, listOf(configMapKind.schema), ""),
});

test("answers: YAML and protobuf say what JSON says, of a list of many objects, too", async (t) => {
  const send = await started(t);
  for (let i = 0; i < 120; i++) {
    await send("POST", MAPS, "*/*", {
      metadata: { name: `m${i}` },
      data: { script: "a\nb\n", yes: "no", n: String(i) },
    });
  }
  const json = JSON.parse(await text((await send("GET", MAPS, "application/json")).body));
  const yaml = await send("GET", MAPS, "application/yaml");
  assert.deepEqual(parse(await text(yaml.body), { version: "1.1" }), json);
  const { kind, apiVersion, raw } = decodeEnvelope(await buffer((await send("GET", MAPS, PROTOBUF)).body));
  assert.deepEqual({ kind, apiVersion, ...decodeMessage(configMapList, raw) }, json);
});

test("answers: a list in protobuf that is read again shows what changed since, and metadata where that is asked for", async (t) => {
  const send = await started(t);
  for (let i = 0; i < 60; i++) await send("POST", MAPS, "*/*", { metadata: { name: `m${i}` } });
  const same = async () => {
    const json = JSON.parse(await text((await send("GET", MAPS, "application/json")).body));
    const { kind, apiVersion, raw } = decodeEnvelope(await buffer((await send("GET", MAPS, PROTOBUF)).body));
    assert.deepEqual({ kind, apiVersion, ...decodeMessage(configMapList, raw) }, json);
  };
  await same();
  await send("PUT", `${MAPS}/m7`, "*/*", { metadata: { name: "m7" }, data: { changed: "yes" } });
  await send("DELETE", `${MAPS}/m8`, "*/*");
  await same();
  const accept = `${PROTOBUF}${META.replace("Metadata;", "MetadataList;")}`;
  const { raw } = decodeEnvelope(await buffer((await send("GET", MAPS, accept)).body));
  const { items } = decodeMessage(configMapList, raw) as { readonly items: readonly { readonly data?: unknown }[] };
  assert.equal(items.length, 60);
  assert.ok(items.every(({ data }) => data === undefined));
  await same();
});

test("answers: a page of a list in protobuf says where it goes on", async (t) => {
  const send = await started(t);
  await send("POST", MAPS, "*/*", { metadata: { name: "b" } });
  const { raw } = decodeEnvelope(await buffer((await send("GET", `${MAPS}?limit=1`, PROTOBUF)).body));
  const { metadata } = decodeMessage(struct("List", "", { metadata: field(1, listMetaSchema, "") }), raw);
  const json = JSON.parse(await text((await send("GET", `${MAPS}?limit=1`, "application/json")).body));
  assert.deepEqual(metadata, json.metadata);
});

test("answers: an object in protobuf is the object in JSON", async (t) => {
  const send = await started(t);
  const json = JSON.parse(await text((await send("GET", `${MAPS}/a`, "application/json")).body));
  const { kind, apiVersion, raw } = decodeEnvelope(await buffer((await send("GET", `${MAPS}/a`, PROTOBUF)).body));
  assert.deepEqual({ kind, apiVersion, ...decodeMessage(configMapKind.schema, raw) }, json);
});

test("answers: discovery in protobuf is discovery in JSON", async (t) => {
  const send = await started(t);
  const documents = [
    ["/api", apiVersionsSchema],
    ["/apis", apiGroupListSchema],
    ["/apis/apps", apiGroupSchema],
    ["/apis/apps/v1", apiResourceListSchema],
  ] as const;
  for (const [path, schema] of documents) {
    const { kind: _, apiVersion: __, ...json } = JSON.parse(await text((await send("GET", path, "")).body));
    const { raw } = decodeEnvelope(await buffer((await send("GET", path, PROTOBUF)).body));
    assert.deepEqual(decodeMessage(schema, raw), json, path);
  }
});
