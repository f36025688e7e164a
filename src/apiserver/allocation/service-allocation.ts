import type { Service } from "@fairlead/api/core/v1/service/service";
import { needsHealthCheckPort } from "@fairlead/api/core/v1/service/service-defaults";
import { invalid } from "@fairlead/api/field-error";
import type { Store } from "@fairlead/store/store";
import type { HookResult, WriteHook } from "../registry/write-hook.ts";
import { type Claimer, createClaimer, type PortRange } from "./claimer.ts";
import { claimKeys, ipKey, portKey } from "./claims.ts";
import { withIpFamilies } from "./ip-families.ts";
import { type IpRange, ipRange } from "./ip-range.ts";
import { withNodePorts } from "./node-ports.ts";
import { internal, invalidService, portRangeText } from "./refusals.ts";

/** What Services are given addresses and ports from. */
export interface ServiceAllocationOptions {
  readonly store: Pick<Store, "get" | "range">;
  /** One range, or one of each family; the first is the default. */
  readonly serviceCIDRs: readonly string[];
  /** Inclusive. Default 30000–32767. */
  readonly nodePorts?: PortRange;
  /** Gives integers from 0 below its argument. */
  readonly random: (below: number) => number;
}

const DEFAULT_NODE_PORTS: PortRange = { first: 30_000, last: 32_767 };

/**
 * Gives Services their addresses and node ports, and takes them back, in the transaction that writes the Service.
 *
 * A claim is a key of its own: two Services cannot be given the same address, even by two API servers.
 */
export function serviceAllocation(options: ServiceAllocationOptions): WriteHook<Service> {
  const { nodePorts = DEFAULT_NODE_PORTS } = options;
  const ranges = options.serviceCIDRs.map(ipRange);
  const allocate = (service: Service, previous?: Service) =>
    allocated({ ...options, nodePorts, ranges }, service, previous);
  return {
    beforeCreate: (service) => allocate(service),
    beforeUpdate: (service, previous) => allocate(service, previous),
    async beforeDelete(previous) {
      return { object: previous, compare: [], operations: claimKeys(previous).map(release) };
    },
  };
}

interface Allocation extends ServiceAllocationOptions {
  readonly nodePorts: PortRange;
  readonly ranges: readonly IpRange[];
}

async function allocated(allocation: Allocation, given: Service, previous?: Service): Promise<HookResult<Service>> {
  const outcome = withIpFamilies(
    given,
    allocation.ranges.map((range) => range.family),
    previous,
  );
  if (outcome.errors !== undefined) throw invalidService(given, outcome.errors);
  const held = new Set(previous === undefined ? [] : claimKeys(previous));
  const claimer = createClaimer(allocation, held);
  const addressed = await withClusterIPs(allocation, outcome.service, claimer);
  const isNew = previous === undefined;
  const ported = await withNodePorts(addressed, { range: allocation.nodePorts, isNew }, claimer);
  const service = await withHealthCheckPort(allocation, ported, claimer);
  const kept = new Set(claimKeys(service));
  return {
    object: service,
    compare: claimer.claiming().map((key) => ({ key, modRevision: 0 })),
    operations: [
      ...claimer.claiming().map((key) => ({ type: "put" as const, key, value: claimValue(service) })),
      ...[...held].filter((key) => !kept.has(key)).map(release),
    ],
  };
}

function release(key: string) {
  return { type: "delete" as const, key };
}

/** For people who look into the store: nothing reads it. */
function claimValue({ metadata }: Service): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ namespace: metadata.namespace, name: metadata.name }));
}

async function withClusterIPs(allocation: Allocation, service: Service, claimer: Claimer): Promise<Service> {
  const { spec } = service;
  const given = spec.clusterIPs ?? [];
  if (spec.type === "ExternalName" || given[0] === "None") return service;
  const clusterIPs: string[] = [];
  for (const [i, family] of (spec.ipFamilies ?? []).entries()) {
    const range = allocation.ranges.find((one) => one.family === family);
    // Families were checked against the ranges; one that the cluster lost since keeps its address.
    if (range === undefined) clusterIPs.push(given[i] ?? "");
    else clusterIPs.push(await claimIp(service, range, given[i] ?? "", claimer));
  }
  return { ...service, spec: { ...spec, clusterIP: clusterIPs[0], clusterIPs } };
}

async function claimIp(service: Service, range: IpRange, wanted: string, claimer: Claimer): Promise<string> {
  if (wanted === "") {
    const ip = await claimer.anyIp(range);
    if (ip === undefined) throw internal("failed to allocate a serviceIP: range is full");
    return ip;
  }
  const refuse = (why: string) =>
    invalidService(service, [
      invalid("spec.clusterIPs", service.spec.clusterIPs, `failed to allocate IP ${wanted}: ${why}`),
    ]);
  if (!claimer.holds(ipKey(wanted)) && range.offsetOf(wanted) === undefined) {
    throw refuse("the provided network does not match the current range");
  }
  if ((await claimer.claim(ipKey(wanted))) === "taken") throw refuse("provided IP is already allocated");
  return wanted;
}

async function withHealthCheckPort({ nodePorts }: Allocation, service: Service, claimer: Claimer): Promise<Service> {
  const { spec } = service;
  if (!needsHealthCheckPort(spec)) return service;
  const wanted = spec.healthCheckNodePort ?? 0;
  if (wanted === 0) {
    const healthCheckNodePort = await claimer.anyPort();
    if (healthCheckNodePort === undefined) throw internal("failed to allocate a HealthCheck NodePort 0: range is full");
    return { ...service, spec: { ...spec, healthCheckNodePort } };
  }
  const refuse = (why: string) => internal(`failed to allocate requested HealthCheck NodePort ${wanted}: ${why}`);
  const isInside = wanted >= nodePorts.first && wanted <= nodePorts.last;
  if (!isInside && !claimer.holds(portKey(wanted))) throw refuse(portRangeText(nodePorts));
  if ((await claimer.claim(portKey(wanted))) === "taken") throw refuse("provided port is already allocated");
  return service;
}
