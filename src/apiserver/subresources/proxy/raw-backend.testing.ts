import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { createCertificateAuthority } from "@fairlead/cluster/pki/certificate-authority";
import { nodeAt } from "../fake-kubelet.testing.ts";

/** One request as it came over the wire. */
export interface RawRequest {
  /** `DELETE /x HTTP/1.1` */
  readonly line: string;
  /** Names in lower case, in order, each line by itself. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

/** A backend that reads bytes, not HTTP: it sees what a lenient or a strict server could take for a request. */
export interface RawBackend {
  readonly port: number;
  /** A Node whose kubelet this is. */
  readonly node: Node;
  /** What the API server shows kubelets. Unused over plain TCP. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Requests in the order of their ends. */
  readonly requests: readonly RawRequest[];
  stop(): Promise<void>;
}

/** Starts a backend on loopback that answers every request with an empty 200. */
export async function startRawBackend(kind: "tcp" | "tls"): Promise<RawBackend> {
  const now = new Date();
  const ca = await createCertificateAuthority("test-ca", now);
  const serving = await ca.issue({ commonName: "n1", usage: "server", addresses: ["127.0.0.1"] }, now);
  const client = await ca.issue({ commonName: "kube-apiserver-kubelet-client", usage: "client" }, now);
  const requests: RawRequest[] = [];
  const sockets = new Set<net.Socket>();
  const serve = (socket: net.Socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).once("close", () => sockets.delete(socket));
    let unread = "";
    socket.on("data", (bytes: Buffer) => {
      unread += bytes.toString("latin1");
      for (let taken = takeRequest(unread); taken !== undefined; taken = takeRequest(unread)) {
        requests.push(taken.request);
        unread = taken.rest;
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
      }
    });
  };
  const server =
    kind === "tcp" ? net.createServer(serve) : tls.createServer({ cert: serving.certificate, key: serving.key }, serve);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    node: nodeAt(port),
    tls: { cert: client.certificate, key: client.key, ca: ca.certificate },
    requests,
    async stop() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A body is what one `Content-Length` says. Anything behind it is another request, as it would be for any server. */
function takeRequest(bytes: string): { readonly request: RawRequest; readonly rest: string } | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [line = "", ...lines] = bytes.slice(0, end).split("\r\n");
  const headers = lines.map((text) => {
    const colon = text.indexOf(":");
    return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()] as const;
  });
  const lengths = headers.filter(([name]) => name === "content-length").map(([, value]) => Number(value));
  const bodyEnd = end + 4 + (lengths[0] ?? 0);
  if (bytes.length < bodyEnd) return undefined;
  return { request: { line, headers, body: bytes.slice(end + 4, bodyEnd) }, rest: bytes.slice(bodyEnd) };
}
