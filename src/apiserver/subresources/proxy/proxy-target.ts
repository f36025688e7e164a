import ipaddr from "ipaddr.js";
import type { Endpoints } from "../../../api/core/v1/endpoints.ts";
import type { Pod } from "../../../api/core/v1/pod/pod.ts";
import type { Service } from "../../../api/core/v1/service.ts";
import { StatusError } from "../../../api/status-error.ts";

/** What stands for the object's name in the path of a proxy: `quote`, `quote:http`, `https:quote:443`. */
export interface ProxyName {
  readonly scheme: "http" | "https";
  readonly name: string;
  /** A port's number or name. Empty for the default. */
  readonly port: string;
}

/** Where a proxied request goes. */
export interface ProxyTarget {
  readonly scheme: "http" | "https";
  readonly host: string;
  readonly port: number;
}

/** Takes `[scheme:]name[:port]` apart. @throws {StatusError} `BadRequest` for anything else. */
export function proxyName(text: string): ProxyName {
  const parts = text.split(":");
  const [first = "", second = "", third = ""] = parts;
  if (parts.length === 1 && first !== "") return { scheme: "http", name: first, port: "" };
  if (parts.length === 2 && first !== "") return { scheme: "http", name: first, port: second };
  const isScheme = first === "http" || first === "https" || first === "";
  if (parts.length === 3 && isScheme && second !== "") {
    return { scheme: first === "https" ? "https" : "http", name: second, port: third };
  }
  throw new StatusError("BadRequest", `invalid proxy request ${JSON.stringify(text)}`);
}

/** Where a pod answers: its first container port unless one is named. */
export function podTarget(pod: Pod, { scheme, port }: ProxyName): ProxyTarget {
  const first = pod.spec.containers.flatMap((container) => container.ports ?? [])[0]?.containerPort;
  const number = port === "" ? (first ?? defaultPort(scheme)) : Number(port);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) {
    throw new StatusError("BadRequest", `invalid port ${JSON.stringify(port)} for pod ${pod.metadata.name}`);
  }
  const { podIP = "" } = pod.status;
  if (podIP === "")
    throw new StatusError("ServiceUnavailable", `pod ${JSON.stringify(pod.metadata.name)} has no address yet`);
  return { scheme, host: podIP, port: number };
}

/**
 * One of the ready endpoints of a Service.
 *
 * @param pick - Gives an integer from 0 below its argument.
 */
export function serviceTarget(
  service: Service,
  endpoints: Endpoints | undefined,
  { scheme, port }: ProxyName,
  pick: (below: number) => number,
): ProxyTarget {
  const { name } = service.metadata;
  const portName = servicePortName(service, port);
  const all = (endpoints?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports
      .filter((one) => (one.name ?? "") === portName)
      .flatMap((one) => addresses.map(({ ip }) => ({ scheme, host: ip, port: one.port }))),
  );
  const chosen = all.length === 0 ? undefined : all[pick(all.length)];
  if (chosen === undefined) {
    throw new StatusError("ServiceUnavailable", `no endpoints available for service ${JSON.stringify(name)}`);
  }
  return chosen;
}

function servicePortName({ metadata, spec }: Service, port: string): string {
  if (!/^\d+$/.test(port)) return port;
  const found = spec.ports?.find((one) => one.port === Number(port));
  if (found !== undefined) return found.name ?? "";
  throw new StatusError(
    "ServiceUnavailable",
    `no service port ${port} found for service ${JSON.stringify(metadata.name)}`,
  );
}

function defaultPort(scheme: ProxyName["scheme"]): number {
  return scheme === "https" ? 443 : 80;
}

/** Addresses of the machine itself, and ones that are nobody's in particular, are not for the users of a proxy. */
const FORBIDDEN_RANGES: ReadonlySet<string> = new Set([
  "loopback",
  "linkLocal",
  "multicast",
  "unspecified",
  "broadcast",
]);

/** @throws {StatusError} `BadRequest` when the target's address may not be proxied to. */
export function refuseForbiddenAddress({ host }: ProxyTarget): void {
  if (ipaddr.isValid(host) && !FORBIDDEN_RANGES.has(ipaddr.process(host).range())) return;
  throw new StatusError("BadRequest", "address not allowed");
}
