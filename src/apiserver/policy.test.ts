import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { TokenRequest } from "@fairlead/api/authentication/v1/tokenrequest/tokenrequest-schema";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { secretKind } from "@fairlead/api/core/v1/secret/secret";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import { serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { clusterRoleKind } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import { roleBindingKind } from "@fairlead/api/rbac/v1/rolebinding/rolebinding";
import { isForbidden, isInvalid } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { anonymousUser } from "./authn/authenticator.ts";
import { userNamed } from "./authz/attributes.testing.ts";
import { bootstrap } from "./bootstrap/bootstrap.ts";
import { dnsService, reconcileDnsService } from "./bootstrap/dns-service.ts";
import { ensureObject } from "./bootstrap/ensure-object.ts";
import { reconcileKubernetesService } from "./bootstrap/kubernetes-service.ts";
import { eventually } from "./testing/eventually.testing.ts";
import { type PolicyServer, startPolicyServer, TEST_ISSUER } from "./testing/start-policy-server.testing.ts";

let api: PolicyServer;
let admin: Client;

before(async () => {
  api = await startPolicyServer();
  admin = api.client();
  await admin.create(namespaceKind, { metadata: { name: "shop" } });
  await admin.create(serviceAccountKind, { metadata: { name: "default", namespace: "shop" } });
});

after(() => api.stop());

const container = { name: "c", image: "tool" };

test("the keys of service account tokens are published as a key set that may be kept", async (t) => {
  const { server, stop } = await startPolicyServer();
  t.after(stop);
  const anyone = { name: "system:anonymous", uid: "", groups: ["system:masters"], extra: {} };
  const { status, headers } = await server.handle({ method: "GET", path: "/openid/v1/jwks", headers: {} }, anyone);
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "application/jwk-set+json");
  assert.equal(headers["cache-control"], "public, max-age=3600");
});

test("a cluster starts with its namespaces, roles and the Service of its DNS, and starting again changes nothing", async () => {
  const { items } = await admin.list(namespaceKind);
  const names = items.map((namespace) => namespace.metadata.name);
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease"])
    assert.ok(names.includes(name), name);
  const dns = await admin.get(serviceKind, { namespace: "kube-system", name: "kube-dns" });
  assert.deepEqual(
    [dns.spec.clusterIP, dns.spec.ports?.map((port) => port.name)],
    ["10.96.0.10", ["dns", "dns-tcp", "metrics"]],
  );
  await eventually(async () => {
    const { rules = [] } = await admin.get(clusterRoleKind, { name: "admin" });
    assert.ok(rules.length > 20, "the rules of an aggregated role can be read");
  });
  const before = (await admin.list(clusterRoleKind)).resourceVersion;
  await bootstrap(admin, { dns: { clusterIP: "10.96.0.10" } });
  assert.equal((await admin.list(clusterRoleKind)).resourceVersion, before);
});

test("the Service of the DNS that an earlier version created gets the ports of this one, and keeps its address", async () => {
  const dnsKey = { namespace: "kube-system", name: "kube-dns" };
  const { spec, ...rest } = await admin.get(serviceKind, dnsKey);
  await admin.update(serviceKind, { ...rest, spec: { ...spec, ports: (spec.ports ?? []).slice(0, 2) } });
  await bootstrap(admin, { dns: { clusterIP: "10.96.0.99" } });
  assert.deepEqual((await admin.get(serviceKind, dnsKey)).spec, spec);
});

test("several servers that start at once create the same objects", async (t) => {
  const other = await startPolicyServer();
  t.after(other.stop);
  const client = other.client();
  const wanted = dnsService({ clusterIP: "10.96.0.10" });
  const ensuring = { client, kind: serviceKind, reconcile: reconcileDnsService };
  // As one that read before the other wrote.
  await ensureObject(ensuring, wanted, { object: undefined });
  await client.delete(serviceKind, { namespace: "kube-system", name: "kube-dns" });
  await Promise.all([1, 2, 3].map(() => bootstrap(client, { dns: { clusterIP: "10.96.0.10" } })));
  const { items } = await client.list(serviceKind, { namespace: "kube-system" });
  assert.deepEqual(
    items.map(({ spec }) => spec.clusterIP),
    ["10.96.0.10"],
  );
  const taken = { ...wanted, metadata: { ...wanted.metadata, name: "other" } };
  await assert.rejects(ensureObject(ensuring, taken), isInvalid);
});

test("the API server has a Service of its own, and gets it back when a client changes it", async () => {
  const wanted = { serviceIP: "10.96.0.1", addresses: ["172.30.0.1"], port: 6443 };
  await reconcileKubernetesService(admin, wanted);
  const key = { namespace: "default", name: "kubernetes" };
  const shown = async () => {
    const [service, slice] = [await admin.get(serviceKind, key), await admin.get(endpointSliceKind, key)];
    return [
      service.spec.clusterIP,
      service.spec.ports?.[0]?.targetPort,
      slice.endpoints[0]?.addresses,
      slice.ports[0]?.port,
    ];
  };
  assert.deepEqual(await shown(), ["10.96.0.1", 6443, ["172.30.0.1"], 6443]);
  const slice = await admin.get(endpointSliceKind, key);
  await admin.update(endpointSliceKind, { ...slice, endpoints: [] });
  const version = (await admin.get(serviceKind, key)).metadata.resourceVersion;
  await reconcileKubernetesService(admin, wanted);
  assert.deepEqual(await shown(), ["10.96.0.1", 6443, ["172.30.0.1"], 6443]);
  assert.equal((await admin.get(serviceKind, key)).metadata.resourceVersion, version, "what is right is not written");
});

test("a client without credentials reads health and version, and nothing else", async () => {
  const status = async (path: string) =>
    (await api.server.handle({ method: "GET", path, headers: {} }, anonymousUser)).status;
  for (const path of ["/healthz", "/livez", "/readyz", "/version"]) assert.equal(await status(path), 200, path);
  for (const path of ["/api", "/apis", "/openapi/v2", "/metrics", "/api/v1/namespaces"])
    assert.equal(await status(path), 403, path);
});

test("an unknown token is refused as 401", async () => {
  await assert.rejects(api.clientWithToken("nonsense"), { reason: "Unauthorized", message: "Unauthorized" });
});

test("a user may do what a role says as soon as the binding is seen", async () => {
  const alice = api.client(userNamed("alice"));
  const list = () => alice.list(podKind, { namespace: "shop" });
  await assert.rejects(list(), {
    reason: "Forbidden",
    message: 'pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "shop"',
  });
  await admin.create(roleBindingKind, {
    metadata: { name: "alice", namespace: "shop" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: [{ kind: "User", name: "alice" }],
  });
  await eventually(list);
  await assert.rejects(alice.list(secretKind, { namespace: "shop" }), { reason: "Forbidden" });
  const review = await alice.raw<{ status: { allowed: boolean } }>(
    "POST",
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { verb: "get", resource: "pods", namespace: "shop" } },
    },
  );
  assert.equal(review.status.allowed, true);
});

test("a new pod has its account, the account's token and the usual tolerations", async () => {
  const pod = await admin.create(podKind, {
    metadata: { name: "fresh", namespace: "shop" },
    spec: { containers: [container] },
  });
  assert.equal(pod.spec.serviceAccountName, "default");
  assert.match(pod.spec.volumes?.[0]?.name ?? "", /^kube-api-access-[a-z0-9]{5}$/);
  assert.deepEqual(
    (pod.spec.tolerations ?? []).map(({ key, tolerationSeconds }) => [key, tolerationSeconds]),
    [
      ["node.kubernetes.io/not-ready", 300],
      ["node.kubernetes.io/unreachable", 300],
    ],
  );
  assert.deepEqual([pod.spec.priority, pod.spec.preemptionPolicy], [0, "PreemptLowerPriority"]);
  const service = await admin.create(serviceKind, {
    metadata: { name: "unrelated", namespace: "shop" },
    spec: { ports: [{ port: 80 }] },
  });
  assert.match(service.spec.clusterIP ?? "", /^10\.\d+\.\d+\.\d+$/);
});

test("nothing is made in a namespace that does not exist, and default stays", async () => {
  await assert.rejects(
    admin.create(podKind, { metadata: { name: "p", namespace: "ghost" }, spec: { containers: [container] } }),
    {
      reason: "NotFound",
      message: 'namespaces "ghost" not found',
    },
  );
  await assert.rejects(admin.delete(namespaceKind, { name: "default" }), {
    reason: "Forbidden",
    message: 'namespaces "default" is forbidden: this namespace may not be deleted',
  });
});

test("a namespace that was deleted takes nothing new, and goes once its finalizer is taken away", async () => {
  await admin.create(namespaceKind, { metadata: { name: "doomed" } });
  await admin.delete(namespaceKind, { name: "doomed" });
  const ending = await admin.get(namespaceKind, { name: "doomed" });
  assert.equal(ending.status.phase, "Terminating");
  await assert.rejects(admin.create(configMapKind, { metadata: { name: "c", namespace: "doomed" } }), {
    message:
      'configmaps "c" is forbidden: unable to create new content in namespace doomed because it is being terminated',
  });
  await admin.update(namespaceKind, { ...ending, spec: { finalizers: [] } }, { subresource: "finalize" });
  await assert.rejects(admin.get(namespaceKind, { name: "doomed" }), { reason: "NotFound" });
});

test("a scheduler gives a pod its node, once", async () => {
  await admin.create(podKind, { metadata: { name: "homeless", namespace: "shop" }, spec: { containers: [container] } });
  const scheduler = api.client(userNamed("system:kube-scheduler"));
  const bind = (node: string) =>
    scheduler.raw("POST", "/api/v1/namespaces/shop/pods/homeless/binding", {
      apiVersion: "v1",
      kind: "Binding",
      metadata: { name: "homeless", namespace: "shop" },
      target: { kind: "Node", name: node },
    });
  await bind("n1");
  const pod = await admin.get(podKind, { namespace: "shop", name: "homeless" });
  assert.equal(pod.spec.nodeName, "n1");
  assert.deepEqual(
    (pod.status.conditions ?? []).map(({ type, status }) => `${type}=${status}`),
    ["PodScheduled=True"],
  );
  await assert.rejects(bind("n2"), {
    reason: "Conflict",
    message: 'Operation cannot be fulfilled on pods/binding "homeless": pod homeless is already assigned to node "n1"',
  });
});

test("a kubelet sees what its pods need, gets their tokens, and nothing of other nodes", async () => {
  await admin.create(secretKind, { metadata: { name: "needed", namespace: "shop" } });
  await admin.create(secretKind, { metadata: { name: "other", namespace: "shop" } });
  const pod = await admin.create(podKind, {
    metadata: { name: "here", namespace: "shop" },
    spec: { nodeName: "n1", containers: [container], volumes: [{ name: "v", secret: { secretName: "needed" } }] },
  });
  const kubelet = api.client(userNamed("system:node:n1", "system:nodes"));
  await kubelet.create(nodeKind, { metadata: { name: "n1", labels: { "kubernetes.io/os": "linux" } } });
  await eventually(() => kubelet.get(secretKind, { namespace: "shop", name: "needed" }));
  await assert.rejects(kubelet.get(secretKind, { namespace: "shop", name: "other" }), {
    message:
      'secrets "other" is forbidden: User "system:node:n1" cannot get resource "secrets" in API group "" in the namespace "shop": no relationship found between node \'n1\' and this object',
  });
  await assert.rejects(kubelet.create(nodeKind, { metadata: { name: "n2" } }), { reason: "Forbidden" });
  await kubelet.list(podKind, { fieldSelector: "spec.nodeName=n1" });
  await assert.rejects(kubelet.list(podKind), { reason: "Forbidden" });
  const node = await kubelet.get(nodeKind, { name: "n1" });
  assert.deepEqual(node.spec.taints, [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }]);
  await kubelet.update(podKind, { ...pod, status: { ...pod.status, phase: "Running" } }, { subresource: "status" });

  const ref = { kind: "Pod", apiVersion: "v1", name: "here", uid: pod.metadata.uid };
  const token = await tokenFor(kubelet, ref);
  const inPod = await api.clientWithToken(token.status.token);
  const me = await inPod.raw<{ status: { userInfo: { username: string; extra: Record<string, string[]> } } }>(
    "POST",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews",
    { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
  );
  assert.equal(me.status.userInfo.username, "system:serviceaccount:shop:default");
  assert.deepEqual(me.status.userInfo.extra["authentication.kubernetes.io/pod-name"], ["here"]);
  assert.deepEqual(me.status.userInfo.extra["authentication.kubernetes.io/node-name"], ["n1"]);
  await assert.rejects(tokenFor(kubelet, undefined), {
    message: 'serviceaccounts "default" is forbidden: node requested token not bound to a pod',
  });
  await assert.rejects(tokenFor(kubelet, ref, 3600, ["vault"]), {
    message:
      'serviceaccounts "default" is forbidden: audience "vault" not found in pod spec volume, system:node:n1 is not authorized to request tokens for this audience',
  });
  const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "gone" }];
  await assert.rejects(kubelet.patch(nodeKind, { name: "n1" }, "merge", { metadata: { ownerReferences } }), {
    message: 'nodes "n1" is forbidden: node "n1" is not allowed to modify ownerReferences',
  });
  const byStatus = { subresource: "status" };
  const answer = await kubelet.patch(nodeKind, { name: "n1" }, "merge", { metadata: { ownerReferences } }, byStatus);
  assert.equal(answer.metadata.ownerReferences, undefined, "a write of the status changes no owner");
  await admin.delete(podKind, { namespace: "shop", name: "here" }, { gracePeriodSeconds: 0 });
  await eventually(() => assert.rejects(api.clientWithToken(token.status.token), { reason: "Unauthorized" }));
});

test("a token request is checked and answered as upstream's", async () => {
  const token = await tokenFor(admin, undefined);
  assert.deepEqual(
    [token.kind, token.spec.audiences, token.spec.expirationSeconds],
    ["TokenRequest", [TEST_ISSUER], 3600],
  );
  await assert.rejects(tokenFor(admin, undefined, 60), {
    reason: "Invalid",
    message:
      'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
  });
  const review = await admin.raw<{ status: { authenticated: boolean; audiences: string[] } }>(
    "POST",
    "/apis/authentication.k8s.io/v1/tokenreviews",
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token: token.status.token } },
  );
  assert.deepEqual([review.status.authenticated, review.status.audiences], [true, [TEST_ISSUER]]);
});

test("an evicted pod is deleted", async () => {
  await admin.create(podKind, { metadata: { name: "moving", namespace: "shop" }, spec: { containers: [container] } });
  await admin.raw("POST", "/api/v1/namespaces/shop/pods/moving/eviction", {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: "moving", namespace: "shop" },
  });
  await assert.rejects(admin.get(podKind, { namespace: "shop", name: "moving" }), { reason: "NotFound" });
});

test("a Service and its claims are one: a taken node port is refused, and free again when its Service is gone", async () => {
  const create = (name: string) =>
    admin.create(serviceKind, {
      metadata: { name, namespace: "shop" },
      spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }] },
    });
  await create("first");
  await assert.rejects(create("second"), {
    reason: "Invalid",
    message:
      'Service "second" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated',
  });
  await admin.delete(serviceKind, { namespace: "shop", name: "first" });
  await create("second");
});

async function tokenFor(
  client: Client,
  boundObjectRef: object | undefined,
  expirationSeconds?: number,
  audiences: readonly string[] = [],
): Promise<TokenRequest> {
  return client.raw("POST", "/api/v1/namespaces/shop/serviceaccounts/default/token", {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { audiences, boundObjectRef, expirationSeconds },
  });
}

test("a user may follow what the roles of the user allow to list and to watch, everywhere", () => {
  const { server } = api;
  const scheduler = userNamed("system:kube-scheduler");
  server.assertMayFollow(scheduler, podKind);
  assert.throws(
    () => server.assertMayFollow(scheduler, secretKind),
    (error) =>
      isForbidden(error) && /cannot list resource "secrets" in API group "" at the cluster scope/.test(`${error}`),
  );
});
