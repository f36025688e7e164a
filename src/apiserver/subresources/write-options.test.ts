import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import { type PolicyServer, startPolicyServer } from "../testing/start-policy-server.testing.ts";
import { testAdmin } from "../testing/start-test-server.testing.ts";

let api: PolicyServer;

before(async () => {
  api = await startPolicyServer();
  const admin = api.client();
  await admin.create(namespaceKind, { metadata: { name: "shop" } });
  await admin.create(serviceAccountKind, { metadata: { name: "default", namespace: "shop" } });
  const containers = [{ name: "c", image: "tool" }];
  await admin.create(podKind, { metadata: { name: "web", namespace: "shop" }, spec: { containers } });
});

after(() => api.stop());

const SHOP = "/api/v1/namespaces/shop";
const binding = { apiVersion: "v1", kind: "Binding", metadata: { name: "web" }, target: { kind: "Node", name: "n" } };
const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "web", namespace: "shop" } };
const token = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { audiences: [] } };
const namespace = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "shop" },
  spec: { finalizers: ["example.com/x"] },
};

const writes: readonly {
  readonly path: string;
  readonly body: object;
  readonly method?: string;
  readonly optionsKind?: string;
  readonly kind: string;
}[] = [
  { path: `${SHOP}/bindings`, body: binding, kind: "Binding" },
  { path: `${SHOP}/pods/web/binding`, body: binding, kind: "Binding" },
  { path: `${SHOP}/pods/web/eviction`, body: eviction, kind: "Eviction" },
  { path: `${SHOP}/serviceaccounts/default/token`, body: token, kind: "TokenRequest" },
  {
    path: "/api/v1/namespaces/shop/finalize",
    body: namespace,
    method: "PUT",
    optionsKind: "UpdateOptions",
    kind: "Namespace",
  },
];

async function ask(method: string, path: string, body: object) {
  const headers = { "content-type": "application/json" };
  const response = await api.server.handle(
    { method, path, headers, body: Buffer.from(JSON.stringify(body)) },
    testAdmin,
  );
  const answer = JSON.parse(await text(response.body));
  return { status: response.status, message: answer.message, warning: response.headers.warning };
}

for (const { path, body, method = "POST", optionsKind = "CreateOptions", kind } of writes) {
  test(`${method} ${path} obeys the options of its query`, async () => {
    const revision = await api.store.revision();
    const done = method === "POST" ? 201 : 200;
    const query = (options: string, more: object = {}) => ask(method, `${path}?${options}`, { ...body, ...more });
    assert.equal((await query("dryRun=All")).status, done);
    assert.deepEqual(await query("dryRun=all"), {
      status: 422,
      message: `${optionsKind}.meta.k8s.io "" is invalid: dryRun: Unsupported value: "all": supported values: "All"`,
      warning: undefined,
    });
    assert.equal((await query(`dryRun=All&fieldManager=${"m".repeat(129)}`)).status, 422);
    assert.deepEqual(await query("dryRun=All&fieldValidation=Strict", { extra: 1 }), {
      status: 400,
      message: `${kind} in version "v1" cannot be handled as a ${kind}: strict decoding error: unknown field "extra"`,
      warning: undefined,
    });
    const warned = await query("dryRun=All", { extra: 1 });
    assert.deepEqual([warned.status, warned.warning], [done, '299 - "unknown field \\"extra\\""']);
    assert.equal((await query("dryRun=All&fieldValidation=Ignore", { extra: 1 })).warning, undefined);
    assert.equal(await api.store.revision(), revision, "nothing is stored");
  });
}

for (const path of [`${SHOP}/bindings`, `${SHOP}/pods/web/binding`]) {
  test(`POST ${path} answers that it was done`, async () => {
    const headers = { "content-type": "application/json" };
    const request = { method: "POST", path: `${path}?dryRun=All`, headers, body: Buffer.from(JSON.stringify(binding)) };
    const { status, body } = await api.server.handle(request, testAdmin);
    const want = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
    assert.deepEqual([status, JSON.parse(await text(body))], [201, want]);
  });
}

const evictions = [
  { name: "options of its own", deleteOptions: { dryRun: ["All"] }, query: "", status: 201 },
  { name: "the same options in the query", deleteOptions: { dryRun: ["All"] }, query: "?dryRun=All", status: 201 },
  { name: "other options in the query", deleteOptions: { dryRun: ["Some"] }, query: "?dryRun=All", status: 500 },
  { name: "another uid", deleteOptions: { preconditions: { uid: "other" } }, query: "?dryRun=All", status: 409 },
];

for (const { name, deleteOptions, query, status } of evictions) {
  test(`a dry eviction with ${name} is answered with ${status} and deletes nothing`, async () => {
    const revision = await api.store.revision();
    assert.equal(
      (await ask("POST", `${SHOP}/pods/web/eviction${query}`, { ...eviction, deleteOptions })).status,
      status,
    );
    assert.equal(await api.store.revision(), revision);
  });
}
