import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { TLSSocket } from "node:tls";
import { goQuote } from "@fairlead/api/go-quote";
import { type Clock, systemClock } from "@fairlead/lib/clock";
import { HEADERS_MAX_BYTES } from "@fairlead/lib/http-limits";
import { hostPort } from "@fairlead/lib/ip-family";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { type Running, running } from "@fairlead/lib/running";
import { refuseUpgrade } from "@fairlead/streaming/upgrade/answer-upgrade";
import { upgradeProtocol } from "@fairlead/streaming/upgrade/upgrade-protocol";
import type { NodePods } from "../node-pods.ts";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import { answer } from "./answer-request.ts";
import { apiServerOnly, type CallerAuthorizer, callerOf } from "./caller.ts";
import { Refusal } from "./refusal.ts";
import { refuseCaller } from "./refuse-caller.ts";
import { route } from "./route.ts";
import { streamSpdy, streamWebSocket, type Upgrade } from "./stream.ts";
import { streamingSession } from "./streaming-url.ts";

export interface KubeletServerOptions {
  readonly pods: NodePods;
  readonly runtime: PodRuntime;
  /** Folder of the node's own logs, for `/logs/`. Default `/var/log`. */
  readonly nodeLogsDir?: string;
  /** What `/metrics` answers besides what runs on the node. Default: nothing. */
  readonly metrics?: Metrics;
  /** PEM: the server's certificate and key, and the authority that signs clients' certificates. */
  readonly tls: { readonly cert: string; readonly key: string; readonly clientCa: string };
  /** Default 10250. 0 takes a free one. */
  readonly port?: number;
  /** Default `0.0.0.0`. */
  readonly address?: string;
  readonly log: Logger;
  /** Default: the API server and `system:masters`. */
  readonly authorizer?: CallerAuthorizer;
  /** Decides whether a client's certificate has expired. Default: the machine's clock. */
  readonly clock?: Pick<Clock, "now">;
}

/** A kubelet's endpoint, listening. */
export interface KubeletServer extends Running {
  readonly port: number;
}

const PLAIN_TEXT = "text/plain; charset=utf-8";

/** Starts the kubelet's HTTPS endpoint: logs, exec, attach, port-forward, and what runs on the node. */
export async function startKubeletServer(options: KubeletServerOptions): Promise<KubeletServer> {
  const { tls, log } = options;
  const server = createServer({
    cert: tls.cert,
    key: tls.key,
    ca: tls.clientCa,
    requestCert: true,
    // Clients without a certificate are refused in HTTP.
    rejectUnauthorized: false,
    ALPNProtocols: ["http/1.1"],
    // The arguments of a command that is executed are part of the request line.
    maxHeaderSize: HEADERS_MAX_BYTES,
  });
  // Streams may be silent for hours; those who only connect are still timed by headersTimeout.
  server.requestTimeout = 0;
  server.on("request", (request, response) => void serve(options, request, response));

  const streams = new Set<Duplex>();
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    streams.add(socket);
    socket.on("error", () => {}).once("close", () => streams.delete(socket));
    void stream(options, { request, socket, head });
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port ?? 10_250, host: options.address ?? "0.0.0.0" }, resolve);
  });
  const { port, address } = server.address() as AddressInfo;
  log.info("Kubelet endpoint is listening", { address: hostPort(address, port) });

  const stop = async () => {
    const closed = new Promise((done) => server.close(done));
    for (const socket of streams) socket.destroy();
    server.closeAllConnections();
    await closed;
  };
  return Object.assign(running(stop), { port });
}

async function serve(options: KubeletServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = await admitted(options, request);
    const body = await answer(options, request.method ?? "GET", url, abortedWith(response));
    response.writeHead(body.status ?? 200, {
      "Content-Type": body.contentType,
      "X-Content-Type-Options": "nosniff",
      ...body.headers,
    });
    // A log that is followed may have nothing to say for long: its reader wants to know that it was opened.
    response.flushHeaders();
    await pipeline(body.pieces, response);
  } catch (error) {
    const refusal = refusalOf(error, options.log);
    if (response.headersSent) response.destroy();
    else response.writeHead(refusal.status, { "Content-Type": PLAIN_TEXT }).end(refusal.message);
  }
}

async function stream(options: KubeletServerOptions, upgrade: Upgrade): Promise<void> {
  const { request, socket } = upgrade;
  try {
    const url = await admitted(options, request);
    const asked = route(url.pathname);
    if (asked === undefined) throw new Refusal(404, "404 page not found");
    const protocol = upgradeProtocol(request.headers.upgrade);
    if (protocol === undefined) {
      throw new Refusal(400, `unable to upgrade: protocol ${goQuote(request.headers.upgrade ?? "")} is not supported`);
    }
    const session = await streamingSession(options.pods, options.runtime, asked, url.searchParams);
    await (protocol === "spdy" ? streamSpdy(upgrade, session) : streamWebSocket(upgrade, session));
  } catch (error) {
    const refusal = refusalOf(error, options.log);
    refuseUpgrade(socket, refusal.status, PLAIN_TEXT, refusal.message);
  }
}

async function admitted(options: KubeletServerOptions, request: IncomingMessage): Promise<URL> {
  const { authorizer = apiServerOnly, clock = systemClock } = options;
  const url = URL.parse(request.url ?? "/", "https://kubelet");
  if (url === null) throw new Refusal(400, "Bad Request");
  const caller = callerOf(request.socket as TLSSocket, clock.now());
  if (caller === undefined) throw new Refusal(401, "Unauthorized");
  const method = request.method ?? "GET";
  if (!(await authorizer.authorize(caller, method, url.pathname))) throw refuseCaller(caller, method, url.pathname);
  return url;
}

/** What a failure is answered with. Failures that the client did not cause are logged here, too. */
function refusalOf(error: unknown, log: Logger): Refusal {
  if (error instanceof Refusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  log.debug("Request failed", { error });
  return new Refusal(500, message, { cause: error });
}

function abortedWith(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}
