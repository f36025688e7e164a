import { goQuote } from "../../../../go-quote.ts";
import type { ContainerPort } from "../container.ts";
import type { LocatedContainer } from "./pod-containers.ts";

interface LocatedPort {
  readonly port: ContainerPort;
  readonly path: string;
}

/** Most ports that are compared with each other. A pod with more is checked up to here: the cost is quadratic. */
const COMPARED_MAX = 500;

/** Returns the warnings of the ports of all containers of a pod, each for itself and among each other. */
export function portWarnings(containers: readonly LocatedContainer[]): readonly string[] {
  const all = containers.flatMap(({ container, path }) =>
    (container.ports ?? []).map((port, i) => ({ port, path: `${path}.ports[${i}]` })),
  );
  return [...definitionWarnings(all.slice(0, COMPARED_MAX)), ...nameWarnings(all)];
}

function definitionWarnings(ports: readonly LocatedPort[]): readonly string[] {
  const byNumber = new Map<string, LocatedPort[]>();
  return ports.flatMap((located) => {
    const { port, path } = located;
    const { hostIP = "", hostPort = 0 } = port;
    const key = `${port.containerPort}/${port.protocol}`;
    const others = byNumber.get(key) ?? [];
    byNumber.set(key, [...others, located]);
    const lonely = hostIP !== "" && hostPort === 0 ? [`${path}: hostIP set without hostPort: ${shownAsGo(port)}`] : [];
    return [...lonely, ...others.flatMap((other) => conflictWarning(located, other))];
  });
}

function conflictWarning({ port, path }: LocatedPort, { port: earlier, path: at }: LocatedPort): readonly string[] {
  const [ip, otherIP] = [port.hostIP ?? "", earlier.hostIP ?? ""];
  const [number, otherNumber] = [port.hostPort ?? 0, earlier.hostPort ?? 0];
  if (ip === otherIP && number === otherNumber) return [`${path}: duplicate port definition with ${at}`];
  if (number === 0 || otherNumber === 0) return [`${path}: overlapping port definition with ${at}`];
  const isAmbiguous = number === otherNumber && (ip === "") !== (otherIP === "");
  return isAmbiguous ? [`${path}: dangerously ambiguous port definition with ${at}`] : [];
}

function nameWarnings(ports: readonly LocatedPort[]): readonly string[] {
  const paths = new Map<string, string>();
  return ports.flatMap(({ port: { name = "" }, path }) => {
    if (name === "") return [];
    const other = paths.get(name);
    if (other === undefined) {
      paths.set(name, path);
      return [];
    }
    const text = `services and probes that select ports by name will use ${other}`;
    return [`${path}: duplicate port name ${goQuote(name)} with ${other}, ${text}`];
  });
}

/** Upstream shows the port as its Go struct. */
function shownAsGo({ name = "", hostPort = 0, containerPort, protocol, hostIP = "" }: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}
