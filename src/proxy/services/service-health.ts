import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Logger } from "@fairlead/lib/log";
import type { PortMapping } from "./service-ports.ts";

/** What a load balancer outside the cluster asks this node about one Service. */
export interface HealthCheck {
  /** `spec.healthCheckNodePort`. */
  readonly port: number;
  readonly namespace: string;
  readonly name: string;
  /** How many ready endpoints this node has. None: send the traffic to another node, though some here may still serve. */
  readonly localEndpoints: number;
}

/**
 * The health checks of Services with external policy Local; others have none.
 *
 * Source: KEP-1669. Endpoints that end serve what still comes, and are not counted.
 */
export function healthCheckOf(service: Service | undefined, mappings: readonly PortMapping[]): HealthCheck | undefined {
  const port = service?.spec.healthCheckNodePort ?? 0;
  if (service === undefined || port === 0 || service.spec.externalTrafficPolicy !== "Local") return undefined;
  const here = new Set(mappings.flatMap(({ readyHere }) => readyHere));
  const { namespace = "", name } = service.metadata;
  return { port, namespace, name, localEndpoints: here.size };
}

/** Answers the health checks of all Services, each on its port. */
export interface ServiceHealth {
  /** Replaces the Service's check; absent, and its port is closed. */
  set(key: string, check: HealthCheck | undefined): void;
  stop(): Promise<void>;
}

interface Listening {
  readonly server: Server;
  check: HealthCheck;
}

/**
 * Listens on the ports that Services ask for, on all addresses, and answers as upstream's proxy does.
 *
 * A port that is taken is logged; the Service itself works.
 *
 * @param isHealthy - Whether the kernel is up to date.
 */
export function startServiceHealth({
  isHealthy,
  log,
}: {
  readonly isHealthy: () => boolean;
  readonly log: Logger;
}): ServiceHealth {
  const listening = new Map<string, Listening>();

  const open = (check: HealthCheck): Listening => {
    const server = createServer((_, response) => {
      const { namespace, name, localEndpoints } = entry.check;
      const serviceProxyHealthy = isHealthy();
      response.writeHead(localEndpoints > 0 && serviceProxyHealthy ? 200 : 503, {
        "content-type": "application/json",
        "x-content-type-options": "nosniff",
        "x-load-balancing-endpoint-weight": String(localEndpoints),
      });
      response.end(JSON.stringify({ service: { namespace, name }, localEndpoints, serviceProxyHealthy }));
    });
    server.on("error", (error) => log.warn("Cannot answer the health checks of a Service", { ...check, error }));
    server.listen({ host: "::", port: check.port });
    const entry: Listening = { server, check };
    return entry;
  };

  const close = async ({ server }: Listening): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  };

  return {
    set(key, check) {
      const present = listening.get(key);
      if (present !== undefined && present.check.port === check?.port) {
        present.check = check;
        return;
      }
      if (present !== undefined) void close(present);
      if (check === undefined) listening.delete(key);
      else listening.set(key, open(check));
    },
    async stop() {
      await Promise.all([...listening.values()].map(close));
      listening.clear();
    },
  };
}
