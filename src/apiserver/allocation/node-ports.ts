import type { Service, ServicePort, ServiceSpec } from "@fairlead/api/core/v1/service/service";
import { invalid } from "@fairlead/api/field-error";
import type { Claimer, PortRange } from "./claimer.ts";
import { portKey } from "./claims.ts";
import { internal, invalidService, portRangeText } from "./refusals.ts";

/** How node ports are given. */
export interface NodePortsOptions {
  readonly range: PortRange;
  /** Whether the Service is being created. */
  readonly isNew: boolean;
}

/** The Service with a node port for each of its ports that should have one. */
export async function withNodePorts(
  service: Service,
  { range, isNew }: NodePortsOptions,
  claimer: Claimer,
): Promise<Service> {
  const { spec } = service;
  if (spec.type !== "NodePort" && spec.type !== "LoadBalancer") return service;
  const allocates = spec.type === "NodePort" || spec.allocateLoadBalancerNodePorts !== false;
  const ports: ServicePort[] = [];
  for (const [i, port] of (spec.ports ?? []).entries()) {
    // The same port by TCP and by UDP is one node port in a new Service, if the writer does not say otherwise.
    const twin = isNew ? shared(ports, port) || requestedLater(spec, i) : 0;
    const wanted = port.nodePort || twin;
    if (wanted !== 0) {
      await claimPort(service, { path: `spec.ports[${i}].nodePort`, port: wanted, range }, claimer);
      ports.push({ ...port, nodePort: wanted });
    } else if (allocates) {
      ports.push({ ...port, nodePort: await anyPort(claimer) });
    } else ports.push(port);
  }
  return { ...service, spec: { ...spec, ports } };
}

function shared(done: readonly ServicePort[], port: ServicePort): number {
  const other = done.find((one) => one.port === port.port && one.protocol !== port.protocol);
  return other?.nodePort ?? 0;
}

function requestedLater({ ports = [] }: ServiceSpec, i: number): number {
  const port = ports[i];
  return (
    ports.slice(i + 1).find((other) => other.port === port?.port && other.protocol !== port?.protocol)?.nodePort ?? 0
  );
}

interface Wanted {
  readonly path: string;
  readonly port: number;
  readonly range: PortRange;
}

async function claimPort(service: Service, { path, port, range }: Wanted, claimer: Claimer): Promise<void> {
  const refuse = (why: string) => invalidService(service, [invalid(path, port, why)]);
  const isInside = port >= range.first && port <= range.last;
  if (!isInside && !claimer.holds(portKey(port))) throw refuse(portRangeText(range));
  if ((await claimer.claim(portKey(port))) === "taken") throw refuse("provided port is already allocated");
}

async function anyPort(claimer: Claimer): Promise<number> {
  const port = await claimer.anyPort();
  if (port === undefined) throw internal("failed to allocate a nodePort: range is full");
  return port;
}
