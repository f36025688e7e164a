import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import type { Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { StatusError } from "@fairlead/api/status-error";
import { podOf } from "../../admission/admission-request.testing.ts";
import { userNamed } from "../../authz/attributes.testing.ts";
import { responseOf } from "../../testing/response-of.testing.ts";
import { leadingTo, startFakeKubelet } from "../fake-kubelet.testing.ts";
import { createKubeletConnection, type KubeletConnection } from "../kubelet-connection.ts";
import { kubeletEndpoint } from "../kubelet-endpoint.ts";
import { proxySubresources } from "./proxy.ts";
import { targetBackend } from "./proxy-backend.ts";
import { proxyPath } from "./proxy-path.ts";
import { podTarget, proxyName, refuseForbiddenAddress } from "./proxy-target.ts";

const names: [text: string, want: string][] = [
  ["quote", "http quote -"],
  ["quote:80", "http quote 80"],
  ["quote:web", "http quote web"],
  ["https:quote:443", "https quote 443"],
  ["https:quote:", "https quote -"],
  [":quote:80", "http quote 80"],
  ["ftp:quote:80", 'invalid pod request "ftp:quote:80"'],
  ["a:b:c:d", 'invalid pod request "a:b:c:d"'],
];

for (const [given, want] of names) {
  test(`proxyName: ${given}`, () => {
    assert.equal(
      outcome(
        () => proxyName(given, "pod"),
        ({ scheme, name, port }) => `${scheme} ${name} ${port || "-"}`,
      ),
      want,
    );
  });
}

const paths: [path: string, want: string][] = [
  [
    "/api/v1/namespaces/shop/services/quote:80/proxy/a%2Fb/?x=y",
    "/api/v1/namespaces/shop/services/quote:80/proxy | /a%2Fb/ | ?x=y",
  ],
  ["/api/v1/nodes/n1/proxy/metrics/cadvisor", "/api/v1/nodes/n1/proxy | /metrics/cadvisor | "],
  ["/api/v1/namespaces/shop/pods/p/proxy?x=y", "/api/v1/namespaces/shop/pods/p/proxy |  | ?x=y"],
  ["/api/v1/nodes/n1/proxy", "/api/v1/nodes/n1/proxy |  | "],
  ["/api/v1/nodes/n1/proxy/%2e%2e/x", "/api/v1/nodes/n1/proxy | /%2e%2e/x | "],
  ["/api/v1//nodes%2Fn1%2fproxy%2Fx%2Fy", "/api/v1//nodes%2Fn1%2fproxy | /x%2Fy | "],
  ["/%61pi/v1/nodes/n1/prox%79/x", "/%61pi/v1/nodes/n1/prox%79 | /x | "],
  ["//api/v1/nodes/n1/proxy/x", "/api/v1/nodes/n1/proxy | /x | "],
  ["/api/v1/nodes/n1/proxying/x", " |  | "],
  ["/api/v1/namespaces/shop/proxy/x", " |  | "],
  ["/apis/v1/nodes/n1/proxy/x?y=/api/v1/nodes/n1/proxy", " |  | ?y=/api/v1/nodes/n1/proxy"],
  ["/api/v1/namespaces/shop/pods/p/proxy/proxy/x", "/api/v1/namespaces/shop/pods/p/proxy | /proxy/x | "],
];

for (const [path, want] of paths) {
  test(`proxyPath: ${path}`, () => {
    const { prefix, rest, query } = proxyPath(path);
    assert.equal(`${prefix} | ${rest} | ${query}`, want);
  });
}

const services: { name: string; asked: string; endpoints?: Endpoints | undefined; want: string }[] = [
  { name: "a port that it does not have", asked: "quote:81", want: 'no service port 81 found for service "quote"' },
  {
    name: "a port name that no endpoint has",
    asked: "quote:admin",
    want: 'no endpoints available for service "quote:admin"',
  },
  {
    name: "no endpoints behind it",
    asked: "quote:80",
    endpoints: endpointsOf(),
    want: 'no endpoints available for service "quote"',
  },
  { name: "no Endpoints", asked: "quote:80", endpoints: undefined, want: 'endpoints "quote" not found' },
  {
    name: "an endpoint that is the pod that it says",
    asked: "quote:80",
    endpoints: endpointsOf({ ip: "127.0.0.9", targetRef: { kind: "Pod", namespace: "shop", name: "quote-1" } }),
    // It is asked, if nothing else forbids that.
    want: "address not allowed",
  },
  {
    name: "an address that says it is no pod",
    asked: "http:quote:80",
    endpoints: endpointsOf({ ip: "192.0.2.9" }),
    want: 'no endpoints available for service "http:quote:80"',
  },
  {
    name: "an address that says it is a pod with another",
    asked: "quote:80",
    endpoints: endpointsOf({ ip: "192.0.2.9", targetRef: { kind: "Pod", namespace: "shop", name: "quote-1" } }),
    want: 'no endpoints available for service "quote:80"',
  },
  {
    name: "an address that says it is a pod that is not there",
    asked: "quote:80",
    endpoints: endpointsOf({ ip: "127.0.0.9", targetRef: { kind: "Pod", namespace: "shop", name: "quote-2" } }),
    want: 'no endpoints available for service "quote:80"',
  },
  {
    name: "an address that says it is a pod of another namespace",
    asked: "quote:80",
    endpoints: endpointsOf({ ip: "127.0.0.9", targetRef: { kind: "Pod", namespace: "bank", name: "quote-1" } }),
    want: 'no endpoints available for service "quote:80"',
  },
];

for (const { name, asked: shown, want, ...given } of services) {
  test(`services/proxy: ${name}`, async () => {
    const endpoints = "endpoints" in given ? given.endpoints : endpointsOf({ ip: "192.0.2.9" });
    const objects = new Map<string, unknown>([
      ["Endpoints shop/quote", endpoints],
      ["Pod shop/quote-1", { status: { podIPs: [{ ip: "127.0.0.9" }] } }],
    ]);
    const kubelets = createKubeletConnection({
      node: () => Promise.reject(new Error("not asked")),
      tls: { cert: "", key: "", ca: "" },
    });
    const proxy = proxySubresources({ client: fakeGet(objects), kubelets }).find(
      (one) => one.groupResource === "services",
    );
    const path = `/api/v1/namespaces/shop/services/${shown}/proxy/`;
    const answer = proxy?.handle({
      request: { method: "GET", path, headers: {} },
      user: userNamed("alice"),
      namespace: "shop",
      name: shown,
      warn: () => {},
      admit: () => Promise.reject(new Error("not asked")),
      query: new URLSearchParams(),
      parent: quote,
    });
    await assert.rejects(async () => answer, { name: "StatusError", message: want });
  });
}

test("podTarget: the first container port, another one by number, none without an address", () => {
  const pod = {
    ...podOf({ containers: [{ name: "c", ports: [{ containerPort: 8080 }] }] }),
    status: { podIP: "10.244.0.5" },
  };
  const shown = (asked: string) =>
    outcome(
      () => podTarget(pod as typeof pod & { status: never }, proxyName(asked, "pod")),
      ({ host, port }) => `${host}:${port}`,
    );
  assert.deepEqual(
    [shown("p"), shown("p:9000"), shown("p:x"), shown("p:99999")],
    [
      "10.244.0.5:8080",
      "10.244.0.5:9000",
      "error trying to reach service: dial tcp: lookup tcp/x: unknown port",
      "error trying to reach service: dial tcp: address 99999: invalid port",
    ],
  );
  assert.equal(
    outcome(
      () => podTarget(podOf(), proxyName("p", "pod")),
      () => "",
    ),
    "address not allowed",
  );
});

test("refuseForbiddenAddress: the machine itself cannot be reached through a pod that claims its address", () => {
  const refused = (host: string) =>
    outcome(
      () => refuseForbiddenAddress(host),
      () => "allowed",
    );
  assert.deepEqual(["10.244.0.5", "fd00::1"].map(refused), ["allowed", "allowed"]);
  for (const host of ["127.0.0.1", "::1", "169.254.169.254", "0.0.0.0", "::ffff:127.0.0.1", "name"]) {
    assert.equal(refused(host), "address not allowed", host);
  }
});

test("targetBackend: passes request and answer on unchanged", async (t) => {
  const server = createServer(async (request, response) => {
    response.writeHead(201, { "x-seen": `${request.method} ${request.url}` }).end(`got ${await text(request)}`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const backend = targetBackend({ scheme: "http", host: "127.0.0.1", port });
  const response = await backend.request({ method: "POST", path: "/a?b=c", headers: {}, body: Buffer.from("body") });
  assert.deepEqual(
    [response.status, response.headers["x-seen"], await text(response.body)],
    [201, "POST /a?b=c", "got body"],
  );
});

test("targetBackend: a backend that switches protocols unasked is refused", async (t) => {
  const server = createServer().on("connection", (socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const backend = targetBackend({ scheme: "http", host: "127.0.0.1", port });
  await assert.rejects(backend.request({ method: "GET", path: "/", headers: {} }), { reason: "ServiceUnavailable" });
});

test("nodes/proxy: asks the kubelet, and keeps the user's credentials to itself", async (t) => {
  const { proxy, stop } = await nodeProxy();
  t.after(stop);
  const path = "/api/v1/nodes/n1/proxy/metrics?x=y";
  const answer = await proxy.handle({
    ...asked(path),
    request: { method: "GET", path, headers: { authorization: "Bearer secret", accept: "text/plain" } },
  });
  assert.equal(await text(responseOf(answer).body), "/metrics?x=y authorization=undefined accept=text/plain");
});

test("nodes/proxy: a Node that claims the address of the machine itself is not asked, at any port", async (t) => {
  const { proxy, stop, node } = await nodeProxy();
  t.after(stop);
  for (const name of ["n1", `n1:${node.status.daemonEndpoints?.kubeletEndpoint?.Port}`, "n1:22", "https:n1:22"]) {
    const request = asked(`/api/v1/nodes/${name}/proxy/x`);
    await assert.rejects(async () => proxy.handle({ ...request, name, parent: node }), {
      reason: "BadRequest",
      message: "address not allowed",
    });
  }
});

test("nodes/proxy: connects to the endpoint that was checked, whatever the Node says by then", async (t) => {
  const { stop } = await nodeProxy();
  t.after(stop);
  const endpoints: unknown[] = [];
  const reach = (endpoint: unknown) => {
    endpoints.push(endpoint);
    return Promise.reject(new Error("not reached"));
  };
  const proxy = nodesProxy({ request: reach, connect: reach, close: () => {} });
  const { parent, ...request } = asked("/api/v1/nodes/n1/proxy/x");
  const endpoint = kubeletEndpoint(parent as Node);
  await assert.rejects(async () => proxy.handle({ ...request, parent }), { message: "not reached" });
  await assert.rejects(async () => proxy.upgrade?.({ ...request, parent }, new PassThrough(), Buffer.alloc(0)), {
    message: "not reached",
  });
  assert.deepEqual(endpoints, [endpoint, endpoint]);
});

test("nodes/proxy: a port that is none", async (t) => {
  const { proxy, stop } = await nodeProxy();
  t.after(stop);
  await assert.rejects(async () => proxy.handle({ ...asked("/api/v1/nodes/n1:x/proxy/"), name: "n1:x" }), {
    reason: "ServiceUnavailable",
    message: "error trying to reach service: dial tcp: lookup tcp/x: unknown port",
  });
});

test("nodes/proxy: without a slash at the end leads to one", async (t) => {
  const { proxy, stop } = await nodeProxy();
  t.after(stop);
  const { status, headers } = responseOf(await proxy.handle(asked("/api/v1/nodes/n1/proxy?x=y")));
  assert.deepEqual([status, headers.location], [301, "/api/v1/nodes/n1/proxy/?x=y"]);
});

test("nodes/proxy: a WebSocket goes through", async (t) => {
  const { proxy, stop } = await nodeProxy();
  t.after(stop);
  const toServer = new PassThrough();
  const fromServer = new PassThrough();
  const { Duplex } = await import("node:stream");
  const socket = Duplex.from({ writable: fromServer, readable: toServer });
  const path = "/api/v1/nodes/n1/proxy/ws";
  const done = proxy.upgrade?.(
    { ...asked(path), request: { method: "GET", path, headers: { upgrade: "echo" } } },
    socket,
    Buffer.from("early "),
  );
  toServer.end("late");
  const seen = await text(fromServer);
  assert.match(seen, /^HTTP\/1\.1 101 Switching Protocols\r\n[\s\S]*\r\n\r\nearly late$/);
  await done;
});

function nodesProxy(kubelets: KubeletConnection) {
  const client = { get: () => Promise.reject(new Error("not asked")) };
  const proxy = proxySubresources({ client, kubelets }).find((one) => one.groupResource === "nodes");
  assert.ok(proxy !== undefined);
  return proxy;
}

async function nodeProxy() {
  const kubelet = await startFakeKubelet(({ url, headers }, response) => {
    response.end(`${url} authorization=${headers.authorization} accept=${headers.accept}`);
  });
  const kubelets = createKubeletConnection({ node: async () => kubelet.node, tls: kubelet.tls });
  const proxy = nodesProxy(leadingTo(kubelet.node, kubelets));
  asked = (path) => ({
    request: { method: "GET", path, headers: {} },
    user: userNamed("alice"),
    namespace: "",
    name: "n1",
    warn: () => {},
    admit: () => Promise.reject(new Error("not asked")),
    query: new URLSearchParams(),
    parent: {
      ...kubelet.node,
      status: { ...kubelet.node.status, addresses: [{ type: "InternalIP", address: "192.0.2.1" }] },
    },
  });
  return { proxy, stop: kubelet.stop, node: kubelet.node };
}

/** A request below the node that {@link nodeProxy} made last. */
let asked: (path: string) => Parameters<ReturnType<typeof proxySubresources>[number]["handle"]>[0];

function outcome<T>(run: () => T, show: (value: T) => string): string {
  try {
    return show(run());
  } catch (error) {
    if (error instanceof StatusError) return error.message;
    throw error;
  }
}

const metadata = { name: "quote", namespace: "shop", uid: "", resourceVersion: "", creationTimestamp: "" };
// Only what a proxy looks at.
const quote = { metadata, spec: { ports: [{ name: "web", port: 80 }] } } as unknown as Service;

function endpointsOf(...addresses: readonly object[]): Endpoints {
  const subsets = addresses.length === 0 ? [] : [{ addresses, ports: [{ name: "web", port: 8080 }] }];
  return { metadata: { name: "quote", namespace: "shop" }, subsets } as unknown as Endpoints;
}

/** Finds objects by `Kind namespace/name`. */
function fakeGet(objects: ReadonlyMap<string, unknown>): Parameters<typeof proxySubresources>[0]["client"] {
  return {
    async get(kind, { namespace, name }) {
      const found = objects.get(`${kind.kind} ${namespace}/${name}`);
      if (found === undefined) throw new StatusError("NotFound", `${name} not found`);
      return found as never;
    },
  };
}
