/**
 * A program inside one network namespace that serves and connects as its parent says, over IPC.
 *
 * Servers answer every connection and every datagram with `NAME CLIENT-ADDRESS`.
 */
import { createSocket } from "node:dgram";
import { createServer, connect as tcpConnect } from "node:net";

export type AgentRequest =
  | {
      readonly id: number;
      readonly do: "serve";
      readonly protocol: "tcp" | "udp";
      readonly port: number;
      readonly host: string;
    }
  | {
      readonly id: number;
      readonly do: "ask";
      readonly protocol: "tcp" | "udp";
      readonly host: string;
      readonly port: number;
      /** Default: a free one. */
      readonly localPort?: number;
      readonly timeoutMs: number;
    };

export interface AgentAnswer {
  readonly id: number;
  /** What the server said, or the code of the error: `ECONNREFUSED`, `timeout`. */
  readonly text: string;
}

const name = process.argv[2] ?? "";

process.on("message", (request: AgentRequest) => {
  const done = request.do === "serve" ? serve(request) : ask(request);
  done
    .catch((error: NodeJS.ErrnoException) => error.code ?? error.message)
    .then((text) => process.send?.({ id: request.id, text } satisfies AgentAnswer));
});
process.on("disconnect", () => process.exit());

function serve({ protocol, port, host }: AgentRequest & { readonly do: "serve" }): Promise<string> {
  return new Promise((resolve, reject) => {
    if (protocol === "udp") {
      const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
      socket.on("message", (_, from) => socket.send(`${name} ${from.address}`, from.port, from.address));
      socket.once("error", reject).bind(port, host, () => resolve("serving"));
      return;
    }
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.end(`${name} ${socket.remoteAddress}`);
    });
    server.once("error", reject).listen(port, host, () => resolve("serving"));
  });
}

function ask(request: AgentRequest & { readonly do: "ask" }): Promise<string> {
  return request.protocol === "tcp" ? askTcp(request) : askUdp(request);
}

function askTcp({ host, port, timeoutMs }: AgentRequest & { readonly do: "ask" }): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = tcpConnect({ host, port });
    let said = "";
    const timer = setTimeout(() => {
      socket.destroy();
      resolve("timeout");
    }, timeoutMs);
    socket.on("data", (chunk) => (said += chunk));
    socket.on("end", () => resolve(said));
    socket.on("error", reject);
    socket.on("close", () => clearTimeout(timer));
  });
}

function askUdp({ host, port, localPort, timeoutMs }: AgentRequest & { readonly do: "ask" }): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: host.includes(":") ? "udp6" : "udp4", reuseAddr: true });
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      socket.close();
      settle();
    };
    const timer = setTimeout(() => finish(() => resolve("timeout")), timeoutMs);
    socket.on("message", (message) => finish(() => resolve(message.toString())));
    socket.on("error", (error) => finish(() => reject(error)));
    socket.bind(localPort ?? 0, () => socket.connect(port, host, () => socket.send("?")));
  });
}
