import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import type { TestCertificate } from "@fairlead/client/transport/certificates.testing";
import { decodeQuery } from "../wire/decode-message.ts";
import { encodeReply, TCP_BYTES_MAX, udpBytesMax } from "../wire/encode-message.ts";
import type { Query, Reply } from "../wire/message.ts";

/** A resolver on loopback with given answers, over UDP and TCP. */
export interface FakeUpstream extends AsyncDisposable {
  readonly address: string;
  readonly port: number;
  /** `udp NAME` and `tcp NAME`, as they came. */
  readonly asked: string[];
  /** How many connections over TCP were made. */
  connections(): number;
  /** Ends all connections. */
  dropConnections(): void;
}

/**
 * `reply` gives undefined for silence.
 *
 * @param certificate - With it, streams are of TLS.
 */
export async function startFakeUpstream(
  reply: (query: Query) => Reply | undefined,
  certificate?: TestCertificate,
): Promise<FakeUpstream> {
  const asked: string[] = [];
  const { udp, tcp, port } = await boundToOnePort(certificate);
  udp.on("message", (bytes, { address, port: toPort }) => {
    const query = decodeQuery(bytes);
    asked.push(`udp ${query.question.name}`);
    const given = reply(query);
    if (given !== undefined) udp.send(encodeReply(query, bytes, given, udpBytesMax(query)), toPort, address);
  });
  const sockets: Socket[] = [];
  tcp.on(certificate === undefined ? "connection" : "secureConnection", (socket: Socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (data: Buffer) => {
      const bytes = data.subarray(2);
      const query = decodeQuery(bytes);
      asked.push(`tcp ${query.question.name}`);
      const given = reply(query);
      if (given === undefined) return;
      const response = encodeReply(query, bytes, given, TCP_BYTES_MAX);
      socket.write(Buffer.concat([Buffer.from([response.length >> 8, response.length & 0xff]), response]));
    });
  });
  return {
    address: "127.0.0.1",
    port,
    asked,
    connections: () => sockets.length,
    dropConnections() {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      udp.close();
      tcp.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** A port that is free for UDP may be taken for TCP: then another one is tried. */
const PORTS_MAX = 20;

async function boundToOnePort(
  certificate: TestCertificate | undefined,
): Promise<{ readonly udp: UdpSocket; readonly tcp: Server; readonly port: number }> {
  for (let attempt = 1; ; attempt++) {
    const udp = createSocket("udp4");
    udp.bind(0, "127.0.0.1");
    await once(udp, "listening");
    const { port } = udp.address();
    const tcp =
      certificate === undefined
        ? createServer()
        : createTlsServer({ key: certificate.key, cert: certificate.certificate });
    try {
      tcp.listen(port, "127.0.0.1");
      await once(tcp, "listening");
      return { udp, tcp, port };
    } catch (error) {
      udp.close();
      const isTaken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
      if (!isTaken || attempt === PORTS_MAX) throw error;
    }
  }
}
