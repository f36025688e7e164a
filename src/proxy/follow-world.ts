import type { Node } from "@fairlead/api/core/v1/node/node";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { type Service, serviceKind } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { LABEL } from "@fairlead/api/well-known";
import { cacheKey } from "@fairlead/client/cache/object-index";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import {
  externalPortKeysOf,
  hasExternalAddresses,
  nodePortKeysOf,
  reservationFactsOf,
} from "./services/reservations.ts";

/** The objects that the proxy reads. */
export interface World {
  service(key: string): Service | undefined;
  slicesOf(key: string): readonly EndpointSlice[];
  /** The Node that the proxy runs on. */
  node(): Node | undefined;
  nodes(): readonly Node[];
  /** Services of type LoadBalancer. */
  loadBalancers(): readonly Service[];
  /** Keys of the Services with this node port or health check port, as `tcp 30080`. */
  nodePortOwners(nodePort: string): readonly string[];
}

/** The objects, kept up to date. */
export interface FollowedWorld {
  readonly world: World;
  /** Resolves once everything that the API server had at the start is known. */
  readonly synced: Promise<unknown>;
  /** Calls `touch` with the keys of the Services that a change concerns. */
  onChange(touch: (keys: Iterable<string>) => void): void;
  /** Calls the listener when addresses, labels or conditions of a node have changed. */
  onNodesChange(listener: () => void): void;
  stop(): Promise<void>;
}

export interface FollowWorldOptions {
  readonly client: Client;
  readonly nodeName: string;
  readonly log: Logger;
  readonly clock: Clock;
}

/** The Service that stands for the API server. */
export const API_SERVICE = "default/kubernetes";
/** Skips headless Services, which need no proxy, and Services of another proxy. */
const OURS = "!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name";

/** Watches Services, EndpointSlices and Nodes. */
export function followWorld({ client, nodeName, log, clock }: FollowWorldOptions): FollowedWorld {
  const services = startCache(client, serviceKind, {
    labelSelector: OURS,
    indexes: {
      "node port": nodePortKeysOf,
      "external port": externalPortKeysOf,
      external: (service) => (hasExternalAddresses(service) ? ["yes"] : []),
      type: ({ spec }) => (spec.type === "LoadBalancer" ? [spec.type] : []),
    },
    log,
    clock,
  });
  const slices = startCache(client, endpointSliceKind, {
    labelSelector: OURS,
    indexes: { service: (slice) => [serviceKeyOf(slice)] },
    log,
    clock,
  });
  // All of them: a Service must not take over the address of another node either.
  const nodes = startCache(client, nodeKind, { log, clock });
  const caches = [services, slices, nodes];
  const external = () => services.byIndex("external", "yes").map(cacheKey);
  return {
    world: {
      service: (key) => services.get(key),
      slicesOf: (key) => slices.byIndex("service", key),
      node: () => nodes.get(nodeName),
      nodes: () => nodes.list(),
      loadBalancers: () => services.byIndex("type", "LoadBalancer"),
      nodePortOwners: (nodePort) => services.byIndex("node port", nodePort).map(cacheKey),
    },
    synced: Promise.all(caches.map((cache) => cache.synced)),
    onChange(touch) {
      services.onChange(({ key, before, after }) => {
        touch([key]);
        // Only these ask who has the node port.
        for (const nodePort of changedNodePorts(before, after)) {
          touch(services.byIndex("external port", nodePort).map(cacheKey));
        }
      });
      slices.onChange(({ before, after }) => {
        const keys = [before, after].flatMap((slice) => (slice === undefined ? [] : [serviceKeyOf(slice)]));
        touch(keys);
        if (keys.includes(API_SERVICE)) touch(external());
      });
      nodes.onChange(({ key, before, after }) => {
        if (key === nodeName && sameForServices(before, after)) return;
        if (key === nodeName) touch(services.list().map(cacheKey));
        else if (reservationFactsOf(before) !== reservationFactsOf(after)) touch(external());
      });
    },
    onNodesChange(listener) {
      nodes.onChange(({ before, after }) => {
        if (!sameForBalancers(before, after)) listener();
      });
    },
    stop: async () => void (await Promise.all(caches.map((cache) => cache.stop()))),
  };
}

function serviceKeyOf({ metadata }: EndpointSlice): string {
  return `${metadata.namespace}/${metadata.labels?.[LABEL.serviceName] ?? ""}`;
}

/** Keys of the node ports that a Service got or gave back. */
function changedNodePorts(before: Service | undefined, after: Service | undefined): readonly string[] {
  const keysOf = (service: Service | undefined) => (service === undefined ? [] : nodePortKeysOf(service));
  const [had, has] = [keysOf(before), keysOf(after)];
  return [...had.filter((key) => !has.includes(key)), ...has.filter((key) => !had.includes(key))];
}

/** Whether Services see no difference. */
function sameForServices(before: Node | undefined, after: Node | undefined): boolean {
  const seen = (node: Node | undefined) =>
    JSON.stringify([node?.spec, node?.metadata.labels, reservationFactsOf(node)]);
  return seen(before) === seen(after);
}

/** Whether load balancers see no difference: a kubelet writes its node's status every few minutes, changed or not. */
function sameForBalancers(before: Node | undefined, after: Node | undefined): boolean {
  const seen = (node: Node | undefined) =>
    JSON.stringify([
      node?.metadata.labels,
      node?.status.addresses,
      node?.status.conditions?.map(({ type, status }) => [type, status]),
    ]);
  return seen(before) === seen(after);
}
