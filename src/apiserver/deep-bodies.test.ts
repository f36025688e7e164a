import assert from "node:assert/strict";
import { before, test } from "node:test";
import { JSON_DEPTH_MAX } from "@fairlead/api/codec/json-depth";
import { shownStep } from "./apply/field-set.ts";
import { loadYamlParser } from "./http/parse-yaml.ts";
import { startTestApiServer } from "./testing/start-test-server.testing.ts";

before(loadYamlParser);

/** Levels that the bodies need around the value. */
const AROUND = 20;
const DEEP = "[".repeat(JSON_DEPTH_MAX - AROUND) + "]".repeat(JSON_DEPTH_MAX - AROUND);
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

const PATHS = {
  namespaces: "/api/v1/namespaces",
  deployments: "/apis/apps/v1/namespaces/default/deployments",
  deployment: "/apis/apps/v1/namespaces/default/deployments/web",
};

/** A Deployment as JSON, with more fields in its container and its metadata. */
function deployment(container = "", metadata = ""): string {
  const template = `{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"x"${container}}]}}`;
  const spec = `{"selector":{"matchLabels":{"a":"b"}},"template":${template}}`;
  return `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"${metadata}},"spec":${spec}}`;
}

const ports = `,"ports":[{"containerPort":${DEEP}}]`;
const annotations = `,"annotations":{"${LAST_APPLIED}":${JSON.stringify(deployment(ports))}}`;

async function start() {
  const api = await startTestApiServer();
  const ask = async (method: string, path: string, type: string, body: string) => {
    const response = await api.handle({ method, path, headers: { "content-type": type }, body: Buffer.from(body) });
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString());
  };
  await ask("POST", PATHS.namespaces, "application/json", '{"metadata":{"name":"default"}}');
  await ask("POST", PATHS.deployments, "application/json", deployment("", annotations));
  return { api, ask };
}

const refusals: readonly (readonly [name: string, type: string, body: string, code: number, message: RegExp])[] = [
  [
    "a strategic merge patch of a number",
    "application/strategic-merge-patch+json",
    `{"spec":{"replicas":${DEEP}}}`,
    422,
    /: patch: Invalid value: "map\[spec:map\[replicas:\[+\]+": unrecognized type: int32$/,
  ],
  [
    "a strategic merge patch of items without a key",
    "application/strategic-merge-patch+json",
    `{"spec":{"template":{"spec":{"containers":[{"a":${DEEP}}]}}}}`,
    500,
    /^map: map\[a:\[+\]+ does not contain declared merge key: name$/,
  ],
  [
    "an apply of a list's key",
    "application/apply-patch+yaml",
    deployment(ports),
    500,
    /\.ports\[containerPort=\[+\]+,protocol="TCP"\]\.containerPort: expected numeric \(int or float\), got \[\]interface \{\}$/,
  ],
  [
    "an apply of a text",
    "application/apply-patch+yaml",
    deployment(`,"workingDir":${DEEP}`),
    500,
    /\.workingDir: expected string, got &value\.valueUnstructured\{Value:(\[\]interface \{\}\{)+\}+$/,
  ],
];

for (const [name, type, body, code, message] of refusals) {
  test(`${name} that is nested as deep as JSON may be is refused in upstream's words`, async () => {
    const { api, ask } = await start();
    const status = await ask("PATCH", `${PATHS.deployment}?fieldManager=me`, type, body);
    assert.equal(status.code, code);
    assert.ok(message.test(status.message), `${status.message.slice(0, 200)} … ${status.message.slice(-200)}`);
    await api.stop();
  });
}

test("a step of another manager is shown however deep its key is nested", () => {
  assert.equal(shownStep(`k:{"name":${DEEP}}`), `[name=${DEEP}]`);
});

test("an apply by kubectl passes over what its annotation has nested in a list's key", async () => {
  const { api, ask } = await start();
  const body = deployment(',"command":["run"]').replace('"image":"x"', '"image":"y"');
  const applied = await ask("PATCH", `${PATHS.deployment}?fieldManager=kubectl`, "application/apply-patch+yaml", body);
  assert.equal(applied.kind, "Deployment", applied.message);
  await api.stop();
});
