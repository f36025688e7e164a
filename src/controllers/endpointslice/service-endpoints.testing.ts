import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { keyOf } from "../object-key.ts";
import type { SliceChange } from "./pack.ts";
import { emptyServiceEndpoints, type ServiceEndpoints, setPod } from "./service-endpoints.ts";

/** The endpoints of a Service with these pods, as on its first reconciliation. */
export function endpointsOf(
  service: Service,
  pods: readonly Pod[],
  node: (name: string) => Node | undefined,
): ServiceEndpoints {
  const state = emptyServiceEndpoints(service);
  for (const pod of pods) setPod(state, keyOf(pod), pod, node);
  return state;
}

/** The slices as they are once the changes have been written. */
export function applied(slices: readonly EndpointSlice[], changes: readonly SliceChange[]): readonly EndpointSlice[] {
  const touched = new Map(changes.flatMap((c) => (c.verb === "create" ? [] : [[c.slice.metadata.name, c] as const])));
  const kept = slices.flatMap((slice) => {
    const change = touched.get(slice.metadata.name);
    if (change === undefined) return [slice];
    return change.verb === "update" ? [change.slice] : [];
  });
  const created = changes.flatMap((c, i) =>
    c.verb === "create"
      ? [{ ...c.slice, metadata: { ...c.slice.metadata, name: `s${slices.length + i}` } } as EndpointSlice]
      : [],
  );
  return [...kept, ...created];
}
