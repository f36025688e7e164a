import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { createCertificateAuthority } from "@fairlead/cluster/pki/certificate-authority";
import type { KubeletConnection } from "./kubelet-connection.ts";
import { kubeletEndpoint } from "./kubelet-endpoint.ts";

/** A server that stands where a kubelet would, on loopback, and the credentials to reach it. */
export interface FakeKubelet {
  /** A Node that says where it listens. */
  readonly node: Node;
  /** What the API server shows kubelets. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string };
  /** The same, but signed by another CA. */
  readonly foreignTls: { readonly cert: string; readonly key: string; readonly ca: string };
  stop(): Promise<void>;
}

/** Reaches the fake kubelet of `node` whatever endpoint is asked for: proxies refuse Nodes that claim a loopback address. */
export function leadingTo(node: Node, kubelets: KubeletConnection): KubeletConnection {
  const endpoint = kubeletEndpoint(node);
  return {
    ...kubelets,
    request: (_asked, request) => kubelets.request(endpoint, request),
    connect: (_asked, signal) => kubelets.connect(endpoint, signal),
  };
}

/** Answers one request. `user` is the common name of the client's certificate. */
export type Answer = (request: IncomingMessage, response: ServerResponse, user: string) => void;

export async function startFakeKubelet(answer: Answer): Promise<FakeKubelet> {
  const now = new Date();
  const [ca, other] = await Promise.all([
    createCertificateAuthority("test-ca", now),
    createCertificateAuthority("other-ca", now),
  ]);
  const serving = await ca.issue({ commonName: "n1", usage: "server", addresses: ["127.0.0.1"] }, now);
  const client = await ca.issue({ commonName: "kube-apiserver-kubelet-client", usage: "client" }, now);
  const server = createServer(
    { cert: serving.certificate, key: serving.key, ca: ca.certificate, requestCert: true, rejectUnauthorized: true },
    (request, response) => answer(request, response, userOf(request.socket as TLSSocket)),
  );
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).once("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (_request, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n");
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    node: nodeAt((server.address() as AddressInfo).port),
    tls: { cert: client.certificate, key: client.key, ca: ca.certificate },
    foreignTls: { cert: client.certificate, key: client.key, ca: other.certificate },
    async stop() {
      const closed = once(server, "close");
      server.close();
      // Upgraded ones, and ones that never asked anything, are not the server's to close.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A Node `n1` whose kubelet listens on loopback. */
export function nodeAt(port: number): Node {
  const node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "n1", uid: "", resourceVersion: "", creationTimestamp: "" },
    spec: {},
    status: {
      addresses: [
        { type: "Hostname", address: "n1" },
        { type: "InternalIP", address: "127.0.0.1" },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    },
  };
  // Only what says where the kubelet is.
  return node as unknown as Node;
}

function userOf(socket: TLSSocket): string {
  return String(socket.getPeerCertificate().subject.CN);
}
