import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Cache, CacheChange } from "@fairlead/client/cache/cache";
import { keyOf } from "../object-key.ts";
import { firstPair, isSelected, pairsOf, podsToLookUp, selectorOf } from "./service-membership.ts";

/** The pods that a Service selects. */
export function podsOfService(pods: Pick<Cache<Pod>, "byIndex">, service: Service): readonly Pod[] {
  return pods.byIndex("label", firstPair(service)).filter(selectorOf(service));
}

/** The keys of the Services that select the pod before or after the change, when the change matters to them. */
export function servicesOfPods(services: Pick<Cache<Service>, "byIndex">, change: CacheChange<Pod>): readonly string[] {
  return servicesSelecting(services, podsToLookUp(change));
}

/** The keys of the Services that select one of the pods. A key may come several times. */
export function servicesSelecting(services: Pick<Cache<Service>, "byIndex">, pods: readonly Pod[]): readonly string[] {
  return pods.flatMap((pod) =>
    pairsOf(pod).flatMap((pair) =>
      services
        .byIndex("selector", pair)
        .filter((service) => isSelected(service, pod))
        .map(keyOf),
    ),
  );
}
