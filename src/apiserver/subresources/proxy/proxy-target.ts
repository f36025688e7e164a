import type { Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ObjectReference } from "@fairlead/api/core/v1/references";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { goQuote } from "@fairlead/api/go-quote";
import { StatusError } from "@fairlead/api/status-error";
import ipaddr from "ipaddr.js";

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

/**
 * Takes `[scheme:]name[:port]` apart.
 *
 * @param what - The object's kind in lower case, for the refusal: `pod`.
 * @throws {StatusError} `BadRequest` for anything else.
 */
export function proxyName(text: string, what: string): ProxyName {
  const parts = text.split(":");
  const [first = "", second = "", third = ""] = parts;
  if (parts.length === 1 && first !== "") return { scheme: "http", name: first, port: "" };
  if (parts.length === 2 && first !== "") return { scheme: "http", name: first, port: second };
  const isScheme = first === "http" || first === "https" || first === "";
  if (parts.length === 3 && isScheme && second !== "") {
    return { scheme: first === "https" ? "https" : "http", name: second, port: third };
  }
  throw new StatusError("BadRequest", `invalid ${what} request ${goQuote(text)}`);
}

/**
 * Where a pod answers: at its first container port unless one is named.
 *
 * @throws {StatusError} `BadRequest` for a pod whose address may not be proxied to, or that has none.
 */
export function podTarget(pod: Pod, { scheme, port }: ProxyName): ProxyTarget {
  const first = pod.spec.containers.flatMap((container) => container.ports ?? [])[0]?.containerPort;
  const { podIP = "" } = pod.status;
  refuseForbiddenAddress(podIP);
  return { scheme, host: podIP, port: port === "" ? (first ?? defaultPort(scheme)) : portNumber(port) };
}

/** A port of a node that is not its kubelet's. @throws {StatusError} as {@link podTarget}. */
export function nodeTarget(host: string, { scheme, port }: ProxyName): ProxyTarget {
  refuseForbiddenAddress(host);
  return { scheme, host, port: portNumber(port) };
}

/** Upstream fails at a port that is none when it connects. */
function portNumber(port: string): number {
  const number = /^\d+$/.test(port) ? Number(port) : Number.NaN;
  if (number >= 1 && number <= 65_535) return number;
  const problem = Number.isNaN(number) ? `lookup tcp/${port}: unknown port` : `address ${port}: invalid port`;
  throw new StatusError("ServiceUnavailable", `error trying to reach service: dial tcp: ${problem}`);
}

/** An endpoint of a Service, and the pod that it says it is. */
export interface ServiceEndpoint {
  readonly target: ProxyTarget;
  readonly pod: ObjectReference | undefined;
}

/** The ready endpoints of a Service at a port. @throws {StatusError} `ServiceUnavailable` for a port that it does not have. */
export function serviceEndpoints(
  service: Service,
  endpoints: Endpoints,
  { scheme, port }: ProxyName,
): readonly ServiceEndpoint[] {
  const portName = servicePortName(service, port);
  return (endpoints.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports
      .filter((one) => (one.name ?? "") === portName)
      .flatMap((one) =>
        addresses.map(({ ip, targetRef }) => ({ target: { scheme, host: ip, port: one.port }, pod: targetRef })),
      ),
  );
}

/** The refusal of a Service with nothing behind it. @param name - With scheme and port, as upstream shows it. */
export function noEndpoints(name: string): StatusError {
  return new StatusError("ServiceUnavailable", `no endpoints available for service ${goQuote(name)}`);
}

function servicePortName({ metadata, spec }: Service, port: string): string {
  if (!/^\d+$/.test(port)) return port;
  const found = spec.ports?.find((one) => one.port === Number(port));
  if (found !== undefined) return found.name ?? "";
  throw new StatusError("ServiceUnavailable", `no service port ${port} found for service ${goQuote(metadata.name)}`);
}

function defaultPort(scheme: ProxyName["scheme"]): number {
  return scheme === "https" ? 443 : 80;
}

/** Loopback, link-local and unspecified addresses are refused to users of a proxy. */
const FORBIDDEN_RANGES: ReadonlySet<string> = new Set([
  "loopback",
  "linkLocal",
  "multicast",
  "unspecified",
  "broadcast",
]);

/** @throws {StatusError} `BadRequest` when the address is none, or may not be proxied to. */
export function refuseForbiddenAddress(host: string): void {
  if (ipaddr.isValid(host) && !FORBIDDEN_RANGES.has(ipaddr.process(host).range())) return;
  throw new StatusError("BadRequest", "address not allowed");
}
