import assert from "node:assert/strict";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { StatusError } from "@fairlead/api/status-error";
import { nodeAt, startFakeKubelet } from "./fake-kubelet.testing.ts";
import { createKubeletConnection } from "./kubelet-connection.ts";
import { kubeletEndpoint } from "./kubelet-endpoint.ts";

const get = (path: string) => ({ method: "GET" as const, path, headers: {} });

test("kubeletConnection: shows its certificate, and passes the kubelet's answer on unchanged", async (t) => {
  const kubelet = await startFakeKubelet((request, response, user) => {
    response.writeHead(418, { "x-path": request.url ?? "" }).end(`hello ${user}`);
  });
  t.after(kubelet.stop);
  const connection = createKubeletConnection({ node: async () => kubelet.node, tls: kubelet.tls });
  t.after(connection.close);
  const response = await connection.request("n1", get("/pods?a=b"));
  assert.deepEqual([response.status, response.headers["x-path"]], [418, "/pods?a=b"]);
  assert.equal(await text(response.body), "hello kube-apiserver-kubelet-client");
});

test("kubeletConnection: does not trust a kubelet of another authority", async (t) => {
  const kubelet = await startFakeKubelet((_request, response) => response.end());
  t.after(kubelet.stop);
  const connection = createKubeletConnection({ node: async () => kubelet.node, tls: kubelet.foreignTls });
  t.after(connection.close);
  await assert.rejects(connection.request("n1", get("/pods")), { reason: "InternalError" });
  await assert.rejects(connection.connect("n1"), { reason: "InternalError" });
});

test("kubeletConnection: reports a refused connection in upstream's words", async (t) => {
  const kubelet = await startFakeKubelet((_request, response) => response.end());
  await kubelet.stop();
  const connection = createKubeletConnection({ node: async () => kubelet.node, tls: kubelet.tls });
  t.after(connection.close);
  const { port } = kubeletEndpoint(kubelet.node);
  await assert.rejects(connection.request("n1", get("/pods")), {
    message: `Get "https://127.0.0.1:${port}/pods": dial tcp 127.0.0.1:${port}: connect: connection refused`,
  });
  await assert.rejects(connection.connect("n1"), {
    message: `error dialing backend: dial tcp 127.0.0.1:${port}: connect: connection refused`,
  });
});

test("kubeletConnection: gives a socket for those who speak for themselves", async (t) => {
  const kubelet = await startFakeKubelet((_request, response) => response.end());
  t.after(kubelet.stop);
  const connection = createKubeletConnection({ node: async () => kubelet.node, tls: kubelet.tls });
  t.after(connection.close);
  const { socket, endpoint } = await connection.connect("n1");
  t.after(() => socket.destroy());
  assert.deepEqual([socket.authorized, endpoint.host], [true, "127.0.0.1"]);
});

const endpoints: { name: string; node: Node; want: string }[] = [
  { name: "the internal address goes before the name", node: nodeAt(10_250), want: "127.0.0.1:10250" },
  {
    name: "a node without addresses",
    node: withStatus({ addresses: [] }),
    want: "no preferred addresses found; known addresses: []",
  },
  {
    name: "a node that has not said its port",
    node: withStatus({ daemonEndpoints: {} }),
    want: 'node "n1" has not said yet on which port its kubelet listens',
  },
];

for (const { name, node, want } of endpoints) {
  test(`kubeletEndpoint: ${name}`, () => {
    try {
      const { host, port } = kubeletEndpoint(node);
      assert.equal(`${host}:${port}`, want);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      assert.equal(error.message, want);
    }
  });
}

function withStatus(status: object): Node {
  const node = nodeAt(10_250);
  return { ...node, status: { ...node.status, ...status } };
}
