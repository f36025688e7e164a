import type { Column } from "../../../column.ts";
import { ageColumn, column, integerColumn, nameColumn } from "../../../columns.ts";
import type { HorizontalPodAutoscaler } from "./horizontalpodautoscaler-schema.ts";
import type { MetricStatus, MetricValueStatus } from "./metric-status.ts";
import type { MetricSpec, MetricTarget } from "./metrics.ts";

/** What `kubectl get horizontalpodautoscalers` prints. Upstream declares all of it as text. */
export const horizontalPodAutoscalerColumns: readonly Column<HorizontalPodAutoscaler>[] = [
  nameColumn,
  column("Reference", "Workload that is scaled.", ({ spec: { scaleTargetRef: to } }) => `${to.kind}/${to.name}`),
  column("Targets", "Current and wanted values of the metrics.", ({ spec, status }) =>
    targetsCell(spec.metrics ?? [], status.currentMetrics ?? []),
  ),
  column("MinPods", "Least number of pods.", ({ spec }) => String(spec.minReplicas ?? "<unset>")),
  asText(integerColumn("MaxPods", "Largest number of pods.", ({ spec }) => spec.maxReplicas)),
  asText(integerColumn("Replicas", "Number of pods.", ({ status }) => status.currentReplicas ?? 0)),
  ageColumn,
];

function asText(shown: Column<HorizontalPodAutoscaler>): Column<HorizontalPodAutoscaler> {
  return { ...shown, type: "string" };
}

const SHOWN_MAX = 2;
const UNKNOWN = "<unknown>";
/** How Go prints a quantity that is not set. */
const NIL = "<nil>";

/** `cpu: 20%/80%, 3/10 + 1 more...`. Source: `formatHPAMetrics` in upstream's pkg/printers. */
function targetsCell(metrics: readonly MetricSpec[], statuses: readonly MetricStatus[]): string {
  if (metrics.length === 0) return "<none>";
  const shown = metrics.slice(0, SHOWN_MAX).map((metric, index) => targetCell(metric, statuses[index]));
  const more = metrics.length - shown.length;
  return more > 0 ? `${shown.join(", ")} + ${more} more...` : shown.join(", ");
}

function targetCell(metric: MetricSpec, status: MetricStatus | undefined): string {
  switch (metric.type) {
    case "External":
      return valueCell(metric.external?.target, status?.external?.current);
    case "Object":
      return valueCell(metric.object?.target, status?.object?.current);
    case "Pods":
      return `${averageCell(status?.pods?.current)}/${metric.pods?.target.averageValue ?? NIL}`;
    case "Resource":
      return resourceCell(metric.resource, status?.resource?.current);
    case "ContainerResource":
      return resourceCell(metric.containerResource, status?.containerResource?.current);
    default:
      return "<unknown type>";
  }
}

function valueCell(target: MetricTarget | undefined, current: MetricValueStatus | undefined): string {
  return target?.averageValue === undefined
    ? `${current === undefined ? UNKNOWN : (current.value ?? NIL)}/${target?.value ?? NIL}`
    : `${current?.averageValue ?? UNKNOWN}/${target.averageValue} (avg)`;
}

function resourceCell(source: MetricSpec["resource"], current: MetricValueStatus | undefined): string {
  if (source === undefined) return UNKNOWN;
  const { name, target } = source;
  if (target.averageValue !== undefined) {
    return `${name}: ${averageCell(current)}/${target.averageValue}`;
  }
  const percent = (value: number | undefined, absent: string) => (value === undefined ? absent : `${value}%`);
  return `${name}: ${percent(current?.averageUtilization, UNKNOWN)}/${percent(target.averageUtilization, "<auto>")}`;
}

function averageCell(current: MetricValueStatus | undefined): string {
  return current === undefined ? UNKNOWN : (current.averageValue ?? NIL);
}
