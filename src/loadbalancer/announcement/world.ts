import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";

/** The objects that decide who answers for which address, as a node knows them. */
export interface AnnouncerWorld {
  service(key: string): Service | undefined;
  /** Services of type LoadBalancer. */
  loadBalancers(): readonly Service[];
  slicesOf(key: string): readonly EndpointSlice[];
  nodes(): readonly Node[];
  /** Calls `touch` with the keys of Services that have changed, or whose endpoints have. */
  onChange(touch: (keys: Iterable<string>) => void): void;
  /** Calls the listener when labels, addresses or conditions of a node have changed. */
  onNodesChange(listener: () => void): void;
  /** Resolves once everything that the API server had at the start is known. */
  readonly synced: Promise<unknown>;
}
