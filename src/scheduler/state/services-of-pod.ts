import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { labelsInclude } from "@fairlead/api/selectors/label-selector";
import type { Cache, Indexes } from "@fairlead/client/cache/cache";

const pair = (namespace: string | undefined, name: string, value: string) => `${namespace ?? ""}/${name}=${value}`;

/** Finds Services by the first pair of their selector, so that a pod is compared with few of them. */
export const serviceIndexes: Indexes<Service> = {
  selector: ({ metadata, spec }) => {
    const [first] = Object.entries(spec.selector ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    return first === undefined ? [] : [pair(metadata.namespace, ...first)];
  },
};

/** The Services whose selector the pod matches, out of a cache with {@link serviceIndexes}. */
export function servicesOfPod(services: Pick<Cache<Service>, "byIndex">, { metadata }: Pod): readonly Service[] {
  return Object.entries(metadata.labels ?? {}).flatMap(([name, value]) =>
    services
      .byIndex("selector", pair(metadata.namespace, name, value))
      .filter((service) => labelsInclude(service.spec.selector ?? {}, metadata.labels)),
  );
}
