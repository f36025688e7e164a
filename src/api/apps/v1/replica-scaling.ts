import type { Scaling } from "../../kind.ts";
import type { LabelSelector } from "../../meta/v1/label-selector.ts";
import type { KubeObject } from "../../resource-reference.ts";
import { formatLabelSelector } from "../../selectors/format-label-selector.ts";

/** A workload that has a number of pods which are alike. */
interface Replicated extends KubeObject {
  readonly spec: { readonly replicas: number; readonly selector: LabelSelector };
  readonly status: { readonly replicas?: number | undefined };
}

/** How `spec.replicas` is seen and changed through the `scale` subresource. */
export function replicaScaling<T extends Replicated>(): Scaling<T> {
  return {
    read: ({ spec, status }) => ({
      wanted: spec.replicas,
      observed: status.replicas ?? 0,
      selector: formatLabelSelector(spec.selector),
    }),
    withReplicas: (object, replicas) => ({ ...object, spec: { ...object.spec, replicas } }),
  };
}
