import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import { METRICS_TYPE, type Metrics } from "../lib/metrics.ts";
import type { Running } from "../lib/running.ts";
import { running } from "../lib/running.ts";

export interface HealthAddress {
  readonly host: string;
  readonly port: number;
}

/** How the proxy is doing. */
export interface ProxyHealth {
  /** False while the kernel refuses the rules. */
  readonly healthy: boolean;
  /** Absent before the first sync. */
  readonly lastUpdatedMs: number | undefined;
  readonly nowMs: number;
}

/** The same, and what becomes of the node. */
export interface NodeHealth extends ProxyHealth {
  /** False for a node that is about to go: load balancers outside are to send nothing new to it. */
  readonly nodeEligible: boolean;
}

/** Upstream's `--healthz-bind-address`. */
export const DEFAULT_HEALTH_ADDRESS: HealthAddress = { host: "::", port: 10256 };

/**
 * Answers `/healthz` and `/livez` with 200 or 503 and upstream's body. Whether the node is about to go is of `/healthz`
 * alone (KEP-3836): the proxy itself is well then.
 *
 * Rejects when the address is taken.
 */
export async function startHealthServer(
  health: () => NodeHealth,
  { host, port }: HealthAddress = DEFAULT_HEALTH_ADDRESS,
): Promise<Running & { readonly port: number }> {
  const server = createServer((request, response) => {
    if (request.url !== "/healthz" && request.url !== "/livez") {
      response.writeHead(404).end();
      return;
    }
    const { healthy, lastUpdatedMs, nowMs, nodeEligible } = health();
    const ofNode = request.url === "/healthz" ? { nodeEligible } : {};
    const isUp = healthy && lastUpdatedMs !== undefined && ofNode.nodeEligible !== false;
    const time = (ms: number) => new Date(ms).toISOString();
    response.writeHead(isUp ? 200 : 503, { "content-type": "application/json", "x-content-type-options": "nosniff" });
    response.end(JSON.stringify({ lastUpdated: time(lastUpdatedMs ?? 0), currentTime: time(nowMs), ...ofNode }));
  });
  return await listen(server, { host, port });
}

/** Upstream's `--metrics-bind-address`: only the machine itself may ask. */
const DEFAULT_METRICS_ADDRESS: HealthAddress = { host: "127.0.0.1", port: 10249 };

/**
 * Starts upstream's metrics server: `/metrics`, `/proxyMode`, which answers `nftables`, and `/healthz`, which answers that the
 * process is there.
 *
 * Rejects when the address is taken.
 */
export async function startMetricsServer(
  metrics: Pick<Metrics, "text">,
  address: HealthAddress = DEFAULT_METRICS_ADDRESS,
): Promise<Running & { readonly port: number }> {
  const plain = "text/plain; charset=utf-8";
  const answers: ReadonlyMap<string, () => { readonly text: string; readonly type: string }> = new Map([
    ["/metrics", () => ({ text: metrics.text(), type: METRICS_TYPE })],
    ["/proxyMode", () => ({ text: "nftables", type: plain })],
    ["/healthz", () => ({ text: "ok", type: plain })],
  ]);
  const server = createServer((request, response) => {
    const answer = answers.get(request.url?.split("?")[0] ?? "")?.();
    const { text, type } = answer ?? { text: "404 page not found\n", type: plain };
    response.writeHead(answer === undefined ? 404 : 200, {
      "content-type": type,
      "x-content-type-options": "nosniff",
    });
    response.end(text);
  });
  return await listen(server, address);
}

async function listen(server: Server, { host, port }: HealthAddress): Promise<Running & { readonly port: number }> {
  server.listen({ host, port });
  await once(server, "listening");
  const address = server.address();
  return {
    ...running(async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    }),
    port: typeof address === "object" && address !== null ? address.port : port,
  };
}
