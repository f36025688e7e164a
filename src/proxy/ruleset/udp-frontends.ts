import { isIPv6 } from "@fairlead/lib/ip-family";
import type { PortMapping } from "../services/service-ports.ts";

/** A UDP flow as the kernel remembers it. */
export interface Flow {
  /** Where its first packet was sent to. */
  readonly destination: string;
  readonly port: number;
  /** Where its answers come from: the endpoint, or the destination itself when nothing was translated. */
  readonly answeredBy: string;
}

/** Which UDP flows lead nowhere, because UDP has no end after which the kernel would choose another endpoint. */
export interface UdpFrontends {
  set(service: string, mappings: readonly PortMapping[]): void;
  /** Whether flows may have become stale since the last call: a frontend is new, or lost an endpoint. */
  takeChanged(): boolean;
  isStale(flow: Flow): boolean;
}

/**
 * A flow to a Service is stale when none of the Service's serving endpoints answers it.
 *
 * As upstream (pkg/proxy/conntrack/cleanup.go): policies and readiness do not matter to flows that run, and a Service
 * without endpoints leaves its flows alone.
 */
export function createUdpFrontends(): UdpFrontends {
  const frontends = new Map<string, ReadonlySet<string>>();
  const byService = new Map<string, readonly string[]>();
  let changed = false;
  return {
    set(service, mappings) {
      const serving = mappings.filter((mapping) => mapping.protocol === "udp" && mapping.serving.length > 0);
      const now = new Map(
        serving.flatMap((mapping) => frontendsOf(mapping).map((name) => [name, new Set(mapping.serving)] as const)),
      );
      for (const [name, endpoints] of now) {
        const before = frontends.get(name);
        changed ||= before === undefined || [...before].some((endpoint) => !endpoints.has(endpoint));
      }
      for (const name of byService.get(service) ?? []) frontends.delete(name);
      for (const [name, endpoints] of now) frontends.set(name, endpoints);
      if (now.size === 0) byService.delete(service);
      else byService.set(service, [...now.keys()]);
    },
    takeChanged() {
      const was = changed;
      changed = false;
      return was;
    },
    isStale({ destination, port, answeredBy }) {
      const serving = frontends.get(`${destination} ${port}`) ?? frontends.get(nodePortName(destination, port));
      return serving !== undefined && !serving.has(answeredBy);
    },
  };
}

/** Reads what `conntrack -L` prints: one flow a line, its fields twice, as sent and as answered. */
export function parseFlows(text: string): readonly Flow[] {
  const flows = text.split("\n").flatMap((line): readonly Flow[] => {
    const destination = /\bdst=(\S+)/.exec(line)?.[1];
    const port = /\bdport=(\d+)/.exec(line)?.[1];
    const answeredBy = [...line.matchAll(/\bsrc=(\S+)/g)][1]?.[1];
    if (destination === undefined || port === undefined || answeredBy === undefined) return [];
    return [{ destination, port: Number(port), answeredBy }];
  });
  return [...new Map(flows.map((flow) => [`${flow.destination} ${flow.port} ${flow.answeredBy}`, flow])).values()];
}

function frontendsOf({ clusterIP, externalAddresses, port, nodePort }: PortMapping): readonly string[] {
  return [
    ...[clusterIP, ...externalAddresses].map((address) => `${address} ${port}`),
    ...(nodePort === undefined ? [] : [nodePortName(clusterIP, nodePort)]),
  ];
}

/** Name of a node port at every address of one family: each family has its own endpoints. */
function nodePortName(address: string, port: number): string {
  return `${isIPv6(address) ? "ip6" : "ip"} ${port}`;
}
