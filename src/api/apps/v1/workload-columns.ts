import type { Column } from "../../column.ts";
import { wideColumn } from "../../columns.ts";
import type { PodTemplateSpec } from "../../core/v1/pod/pod-template.ts";
import type { LabelSelector } from "../../meta/v1/label-selector.ts";
import { formatLabelSelector } from "../../selectors/format-label-selector.ts";

/** What makes pods from a template and finds them by a selector. */
interface Workload {
  readonly spec: { readonly selector: LabelSelector; readonly template: PodTemplateSpec };
}

/** What `kubectl get -o wide` prints of every workload. */
export const workloadColumns: readonly Column<Workload>[] = [
  wideColumn("Containers", "Names of the containers of its pods.", ({ spec }) =>
    spec.template.spec.containers.map(({ name }) => name).join(","),
  ),
  wideColumn("Images", "Images of the containers of its pods.", ({ spec }) =>
    spec.template.spec.containers.map(({ image }) => image).join(","),
  ),
  wideColumn("Selector", "Labels of its pods.", ({ spec }) => formatLabelSelector(spec.selector) || "<none>"),
];
