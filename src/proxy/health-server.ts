import { METRICS_TYPE, type Metrics } from "@fairlead/lib/metrics";
import type { Running } from "@fairlead/lib/running";
import { type HttpAddress, startHttpServer } from "@fairlead/lib/start-http-server";
import { startTextServer } from "@fairlead/lib/start-text-server";

/** How the proxy is doing. */
export interface ProxyHealth {
  /** False while the kernel refuses the rules. */
  readonly healthy: boolean;
  /** Absent before the first sync. */
  readonly lastUpdatedMs: number | undefined;
  readonly nowMs: number;
}

/** The same, and whether the node takes traffic. */
export interface NodeHealth extends ProxyHealth {
  /** False for a node that is about to go: load balancers outside are to send nothing new to it. */
  readonly nodeEligible: boolean;
}

/** Upstream's `--healthz-bind-address`. */
export const DEFAULT_HEALTH_ADDRESS: HttpAddress = { host: "::", port: 10256 };

/**
 * Answers `/healthz` and `/livez` with 200 or 503 and upstream's body. Whether the node is about to go is of `/healthz`
 * alone (KEP-3836): the proxy itself is well then.
 *
 * Rejects when the address is taken.
 */
export async function startHealthServer(
  health: () => NodeHealth,
  address: HttpAddress = DEFAULT_HEALTH_ADDRESS,
): Promise<Running & { readonly port: number }> {
  return await startHttpServer((request, response) => {
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
  }, address);
}

/** Upstream's `--metrics-bind-address`: only the machine itself may ask. */
const DEFAULT_METRICS_ADDRESS: HttpAddress = { host: "127.0.0.1", port: 10249 };

/**
 * Starts upstream's metrics server: `/metrics`, `/proxyMode`, which answers `nftables`, and `/healthz`, which answers that the
 * process is there.
 *
 * Rejects when the address is taken.
 */
export async function startMetricsServer(
  metrics: Pick<Metrics, "text">,
  address: HttpAddress = DEFAULT_METRICS_ADDRESS,
): Promise<Running & { readonly port: number }> {
  const pages = new Map([
    ["/metrics", { text: () => metrics.text(), type: METRICS_TYPE }],
    ["/proxyMode", { text: () => "nftables" }],
    ["/healthz", { text: () => "ok" }],
  ]);
  return await startTextServer(pages, address);
}
