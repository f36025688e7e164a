import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { roleKind } from "@fairlead/api/rbac/v1/role/role";
import { roleBindingKind } from "@fairlead/api/rbac/v1/rolebinding/rolebinding";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import { userNamed } from "./testing/default-authorizers.testing.ts";
import type { PolicyServer } from "./testing/start-policy-server.testing.ts";
import { startPolicyServer } from "./testing/start-policy-server.testing.ts";
import { testAdmin } from "./testing/start-test-server.testing.ts";

let api: PolicyServer;
before(async () => {
  api = await startPolicyServer();
});
after(() => api.stop());

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

async function answer(method: ApiRequest["method"], path: string, body: object = {}, user = testAdmin) {
  const headers = { "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json" };
  // A watch would go on.
  const signal = AbortSignal.timeout(10_000);
  const withLimit = method === "GET" ? `${path}?timeoutSeconds=1&resourceVersion=0` : path;
  const response = await api.server.handle(
    { method, path: withLimit, headers, body: new TextEncoder().encode(JSON.stringify(body)), signal },
    user,
  );
  const isStatus = response.headers["content-type"] === "application/json" && response.status >= 400;
  return { status: response.status, message: isStatus ? JSON.parse(await text(response.body)).message : "" };
}

const NO_METHOD = "the server does not allow this method on the requested resource";
const NO_PATH = "the server could not find the requested resource";

/** The methods that upstream routes at each path. Empty: the path does not exist in a group that does. */
const paths: readonly (readonly [form: string, path: string, methods: string])[] = [
  ["a collection in a namespace", "/api/v1/namespaces/x/pods", "GET POST DELETE"],
  ["an object in a namespace", "/api/v1/namespaces/x/pods/p", "GET PUT PATCH DELETE"],
  ["a collection of all namespaces", "/api/v1/pods", "GET"],
  ["an object without its namespace", "/api/v1/pods/p", ""],
  ["a collection of the cluster", "/api/v1/nodes", "GET POST DELETE"],
  ["an object of the cluster", "/api/v1/nodes/n", "GET PUT PATCH DELETE"],
  ["a kind of the cluster in a namespace", "/api/v1/namespaces/x/nodes", ""],
  ["an object of the cluster in a namespace", "/api/v1/namespaces/x/nodes/n", ""],
  ["the namespaces", "/api/v1/namespaces", "GET POST"],
  ["a namespace", "/api/v1/namespaces/x", "GET PUT PATCH DELETE"],
  ["a namespace's status", "/api/v1/namespaces/x/status", "GET PUT PATCH"],
  ["the finalizers of a namespace", "/api/v1/namespaces/x/finalize", "PUT"],
  ["a path below the finalizers", "/api/v1/namespaces/x/finalize/y", ""],
  ["an object of a group", "/apis/apps/v1/namespaces/x/deployments/d", "GET PUT PATCH DELETE"],
  ["a status", "/apis/apps/v1/namespaces/x/deployments/d/status", "GET PUT PATCH"],
  ["a path below a status", "/apis/apps/v1/namespaces/x/deployments/d/status/y", ""],
  ["a status without its namespace", "/apis/apps/v1/deployments/d/status", ""],
  ["a scale", "/apis/apps/v1/namespaces/x/deployments/d/scale", "GET PUT PATCH"],
  ["a path below a scale", "/apis/apps/v1/namespaces/x/deployments/d/scale/y", ""],
  ["the scale of a kind without one", "/api/v1/namespaces/x/pods/p/scale", ""],
  ["the status of a kind without one", "/api/v1/namespaces/x/configmaps/c/status", ""],
  ["logs", "/api/v1/namespaces/x/pods/p/log", "GET"],
  ["a path below logs", "/api/v1/namespaces/x/pods/p/log/y", ""],
  ["exec", "/api/v1/namespaces/x/pods/p/exec", "GET POST"],
  ["a path below exec", "/api/v1/namespaces/x/pods/p/exec/y", ""],
  ["attach", "/api/v1/namespaces/x/pods/p/attach", "GET POST"],
  ["a path below attach", "/api/v1/namespaces/x/pods/p/attach/y", ""],
  ["port-forward", "/api/v1/namespaces/x/pods/p/portforward", "GET POST"],
  ["a path below port-forward", "/api/v1/namespaces/x/pods/p/portforward/y", ""],
  ["a binding", "/api/v1/namespaces/x/pods/p/binding", "POST"],
  ["an eviction", "/api/v1/namespaces/x/pods/p/eviction", "POST"],
  ["a token", "/api/v1/namespaces/x/serviceaccounts/s/token", "POST"],
  ["a path below a token", "/api/v1/namespaces/x/serviceaccounts/s/token/y", ""],
  ["a proxy", "/api/v1/namespaces/x/pods/p/proxy", "GET POST PUT PATCH DELETE"],
  ["a path below a proxy", "/api/v1/namespaces/x/services/s/proxy/y/z", "GET POST PUT PATCH DELETE"],
  ["the proxy of a kind without one", "/api/v1/namespaces/x/configmaps/c/proxy/y", ""],
  ["an unknown subresource", "/api/v1/namespaces/x/pods/p/unknown", ""],
  ["a subresource with the name of a built-in property", "/api/v1/namespaces/x/pods/p/constructor", ""],
  ["an unknown resource", "/api/v1/namespaces/x/unknowns", ""],
  ["an unknown resource of the cluster", "/apis/apps/v1/unknowns/u", ""],
  ["a question", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "POST"],
  ["a question with a name", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews/q", ""],
  ["a question in a namespace", "/apis/authorization.k8s.io/v1/namespaces/x/localsubjectaccessreviews", "POST"],
  ["a question without its namespace", "/apis/authorization.k8s.io/v1/localsubjectaccessreviews", ""],
  ["a watch of a collection", "/api/v1/watch/namespaces/x/pods", "GET"],
  ["a watch of all namespaces", "/api/v1/watch/pods", "GET"],
  ["a watch of an object", "/api/v1/watch/namespaces/x/pods/p", "GET"],
  ["a watch of an object without its namespace", "/api/v1/watch/pods/p", ""],
  ["a watch of a subresource", "/api/v1/watch/namespaces/x/pods/p/status", ""],
  ["a watch of a question", "/apis/authorization.k8s.io/v1/watch/selfsubjectaccessreviews", ""],
  ["the proxy paths of before 1.2", "/api/v1/proxy/namespaces/x/pods/p", ""],
  ["the versions", "/api", "GET"],
  ["the groups", "/apis", "GET"],
  ["a group", "/apis/apps", "GET"],
  ["the resources of a version", "/api/v1", "GET"],
  ["the resources of a group", "/apis/apps/v1", "GET"],
  ["the server's version", "/version", "GET"],
  ["a health check", "/healthz", "GET POST PUT PATCH DELETE"],
  ["a path with a slash at its end", "/api/v1/namespaces/x/pods/p/log/", "GET"],
  ["a path with encoded slashes", "/api/v1/namespaces/x/pods%2Fp%2Flog%2Fy", ""],
];

for (const [form, path, served] of paths) {
  test(`${form}: ${served === "" ? "no such path" : `${served}, and no other method`}`, async () => {
    for (const method of METHODS) {
      const { status, message } = await answer(method, path);
      if (served.split(" ").includes(method)) {
        assert.notEqual(status, 405, `${method} ${message}`);
        assert.notEqual(message, NO_PATH, method);
      } else {
        const want = served === "" ? { status: 404, message: NO_PATH } : { status: 405, message: NO_METHOD };
        assert.deepEqual({ status, message }, want, method);
      }
    }
  });
}

test("a connection is upgraded only at a path and with a method that are served", async () => {
  const upgrade = (method: ApiRequest["method"], path: string) =>
    api.server.upgrade({ method, path: `/api/v1/namespaces/x/pods/p/${path}`, headers: {} }, testAdmin);
  await assert.rejects(upgrade("GET", "exec/y"), { code: 404, message: NO_PATH });
  await assert.rejects(upgrade("DELETE", "exec"), { code: 405, message: NO_METHOD });
  await assert.rejects(upgrade("GET", "exec"), { code: 404, message: 'pods "p" not found' });
});

for (const path of ["/apis/unknown.example/v1/things", "/api/v2/pods", "/unknown", "/apis/apps/v2"]) {
  test(`${path} is a page that does not exist`, async () => {
    for (const method of METHODS) assert.deepEqual(await answer(method, path), { status: 404, message: "" }, method);
  });
}

test("a user who may create one name cannot create another by its path", async () => {
  const namespace = "kube-public";
  const admin = api.client();
  const user = userNamed("jane");
  await admin.create(roleKind, {
    metadata: { namespace, name: "one" },
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["create"], resourceNames: ["allowed"] }],
  });
  await admin.create(roleBindingKind, {
    metadata: { namespace, name: "one" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "one" },
    subjects: [{ kind: "User", apiGroup: "rbac.authorization.k8s.io", name: "jane" }],
  });
  const path = `/api/v1/namespaces/${namespace}/configmaps`;
  const body = { metadata: { name: "other" } };
  const deadline = Date.now() + 10_000;
  // Roles take effect a moment after they are written.
  while ((await answer("POST", `${path}/allowed`, body, user)).status === 403) {
    assert.ok(Date.now() < deadline);
    await turn();
  }
  assert.deepEqual(await answer("POST", `${path}/allowed`, body, user), { status: 405, message: NO_METHOD });
  assert.equal((await answer("POST", path, body, user)).status, 403);
});
