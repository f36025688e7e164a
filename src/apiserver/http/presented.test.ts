import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { parse } from "yaml";
import { configMapKind } from "../../api/core/v1/configmap.ts";
import type { ApiRequest, ApiResponse } from "../../client/transport.ts";
import { startTestApiServer } from "../testing/start-test-server.testing.ts";
import type { VirtualKinds } from "../virtual/virtual-kind.ts";
import { presented } from "./presented.ts";
import { jsonResponse } from "./response.ts";

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

for (const { name, request, accept, body, want } of rows) {
  test(`presented: ${name}`, async (t) => {
    const send = await started(t);
    const [method = "", path = ""] = request.split(" ");
    const response = await send(method as "GET", path, accept, body);
    const answer = parse(await text(response.body));
    const shown = [response.status, response.headers["content-type"], answer.kind, answer.apiVersion];
    assert.equal(shown.filter((part) => part !== undefined).join(" "), want);
  });
}

test("presented: YAML says what JSON says, of a list of many objects, too", async (t) => {
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
});

test("presented: integers keep their digits in YAML", async () => {
  const response = jsonResponse(200, {});
  const given: ApiResponse = {
    ...response,
    body: (async function* () {
      yield Buffer.from('{"a":9223372036854775807,"b":"9223372036854775807"}');
    })(),
  };
  const { body } = await presented({ path: "/", headers: { accept: "application/yaml" } }, given, "object");
  assert.equal(await text(body), 'a: 9223372036854775807\nb: "9223372036854775807"\n');
});

test("presented: a media type may ask for indentation", async (t) => {
  const send = await started(t);
  const body = await text((await send("GET", `${MAPS}/a`, "application/json;pretty=1")).body);
  assert.match(body, /^\{\n {2}"kind": "ConfigMap"/);
});
