import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { LABEL } from "@fairlead/api/well-known";
import type { Cache, CacheChange } from "@fairlead/client/cache/cache";
import { keyOf } from "../object-key.ts";
import { createKnownServices, type KnownServices } from "../service-pods/known-services.ts";
import { servicesOfPods } from "../service-pods/lookup.ts";
import { emptyServiceEndpoints, type ServiceEndpoints, setPod } from "./service-endpoints.ts";

/** The copies that endpoints are made from. */
export interface EndpointSources {
  readonly pods: Pick<Cache<Pod>, "get" | "byIndex">;
  readonly services: Pick<Cache<Service>, "byIndex">;
  readonly nodes: Pick<Cache<Node>, "get">;
}

/** The Services with endpoints, which are made from pods and their nodes. */
export interface ServicesWithEndpoints extends KnownServices<ServiceEndpoints> {
  /** Notes that a node changed: its zone is in the endpoints of its pods. Returns the keys of the Services to be reconciled. */
  nodeChanged(change: CacheChange<Node>): readonly string[];
}

/** No Service known yet. The copies must have a change before it is reported here. */
export function createServicesWithEndpoints({ pods, services, nodes }: EndpointSources): ServicesWithEndpoints {
  const node = (name: string) => nodes.get(name);
  const known = createKnownServices<ServiceEndpoints>({
    pods,
    services,
    empty: emptyServiceEndpoints,
    setPod: (state, key, pod) => setPod(state, key, pod, node),
  });
  return {
    ...known,
    nodeChanged({ before, after }) {
      const isSameZone = before?.metadata.labels?.[LABEL.zone] === after?.metadata.labels?.[LABEL.zone];
      if (before !== undefined && after !== undefined && isSameZone) return [];
      const onNode = pods.byIndex("node", (after ?? before)?.metadata.name ?? "");
      for (const pod of onNode) known.readAgain(pod);
      if (before !== undefined && isSameZone) return [];
      return onNode.flatMap((pod) => servicesOfPods(services, { key: keyOf(pod), before: undefined, after: pod }));
    },
  };
}
