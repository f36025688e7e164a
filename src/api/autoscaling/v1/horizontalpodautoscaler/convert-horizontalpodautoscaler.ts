import { decodeValue } from "../../../codec/decode.ts";
import { parseApiJson } from "../../../codec/parse-json.ts";
import type { ObjectMeta } from "../../../meta/v1/object-meta.ts";
import type { Infer, Struct } from "../../../schema.ts";
import { list } from "../../../schema.ts";
import { defaultMetrics } from "../../v2/horizontalpodautoscaler/horizontalpodautoscaler-defaults.ts";
import type {
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscaler as HorizontalPodAutoscalerV2,
} from "../../v2/horizontalpodautoscaler/horizontalpodautoscaler-schema.ts";
import { horizontalPodAutoscalerConditionSchema } from "../../v2/horizontalpodautoscaler/horizontalpodautoscaler-schema.ts";
import type { MetricStatus } from "../../v2/horizontalpodautoscaler/metric-status.ts";
import type { MetricSpec } from "../../v2/horizontalpodautoscaler/metrics.ts";
import { ROUND_TRIP, withoutRoundTrip } from "../../v2/horizontalpodautoscaler/round-trip-annotations.ts";
import { annotatedMetricSchema, annotatedStatusSchema } from "./annotated-metrics.ts";
import { annotatedBehavior, behaviorOf } from "./convert-behavior.ts";
import { annotatedMetric, annotatedStatus, metricOf, statusOf } from "./convert-metrics.ts";
import type { HorizontalPodAutoscaler } from "./horizontalpodautoscaler-schema.ts";

/**
 * Converts an autoscaler to `autoscaling/v2`. Annotations become the fields that version 1 does not have; one that cannot be
 * read is dropped.
 *
 * Source: upstream's pkg/apis/autoscaling/v1/conversion.go.
 */
export function toV2(hpa: HorizontalPodAutoscaler): HorizontalPodAutoscalerV2 {
  const { metadata, spec, status } = hpa;
  const { annotations = {} } = metadata;
  const { targetCPUUtilizationPercentage: utilization, ...sameSpec } = spec;
  const { currentCPUUtilizationPercentage: currentUtilization, ...sameStatus } = status;
  const others = annotated(annotatedMetricSchema, annotations[ROUND_TRIP.metrics])?.map(metricOf) ?? [];
  const metrics = [...others, ...(utilization === undefined ? [] : [cpuMetric(utilization)])];
  const behavior = behaviorOf(jsonOf(annotations[ROUND_TRIP.behavior]));
  const currentMetrics =
    annotated(annotatedStatusSchema, annotations[ROUND_TRIP.currentMetrics])?.map(statusOf) ??
    (currentUtilization === undefined ? [] : [cpuStatus(currentUtilization)]);
  const conditions = annotated(horizontalPodAutoscalerConditionSchema, annotations[ROUND_TRIP.conditions]);
  return {
    ...hpa,
    apiVersion: "autoscaling/v2",
    metadata: withoutRoundTrip(metadata),
    spec: {
      ...sameSpec,
      metrics: metrics.length === 0 ? defaultMetrics : metrics,
      ...(behavior !== undefined && { behavior }),
    },
    status: {
      ...sameStatus,
      currentMetrics,
      ...(conditions !== undefined && { conditions }),
    },
  };
}

/** Converts an autoscaler to `autoscaling/v1`. Annotations carry the fields that version 1 does not have. */
export function fromV2(hpa: HorizontalPodAutoscalerV2): HorizontalPodAutoscaler {
  const { metadata, spec, status } = hpa;
  const { metrics = [], behavior, ...sameSpec } = spec;
  const { currentMetrics = [], conditions = [], currentReplicas = 0, ...sameStatus } = status;
  const utilization = metrics.find(isCpuUtilization)?.resource?.target.averageUtilization;
  const currentUtilization = currentMetrics.findLast(isCpuStatus)?.resource?.current.averageUtilization;
  const others = metrics.filter((metric) => !isCpuUtilization(metric));
  return {
    ...hpa,
    apiVersion: "autoscaling/v1",
    metadata: withAnnotations(metadata, {
      [ROUND_TRIP.metrics]: others.length === 0 ? undefined : others.map(annotatedMetric),
      // Also where it is a percentage of cpu: the annotation has the amount as well.
      [ROUND_TRIP.currentMetrics]: currentMetrics.length === 0 ? undefined : currentMetrics.map(annotatedStatus),
      [ROUND_TRIP.behavior]: behavior && annotatedBehavior(behavior),
      [ROUND_TRIP.conditions]: conditions.length === 0 ? undefined : conditions.map(annotatedCondition),
    }),
    spec: { ...sameSpec, ...(utilization !== undefined && { targetCPUUtilizationPercentage: utilization }) },
    status: {
      ...sameStatus,
      currentReplicas,
      ...(currentUtilization !== undefined && { currentCPUUtilizationPercentage: currentUtilization }),
    },
  };
}

function cpuMetric(averageUtilization: number): MetricSpec {
  return { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization } } };
}

function cpuStatus(averageUtilization: number): MetricStatus {
  return { type: "Resource", resource: { name: "cpu", current: { averageUtilization } } };
}

function isCpuUtilization({ type, resource }: MetricSpec): boolean {
  return type === "Resource" && resource?.name === "cpu" && resource.target.averageUtilization !== undefined;
}

function isCpuStatus({ type, resource }: MetricStatus): boolean {
  return type === "Resource" && resource?.name === "cpu" && resource.current.averageUtilization !== undefined;
}

function annotatedCondition(condition: HorizontalPodAutoscalerCondition): object {
  const { type, status, lastTransitionTime = null, reason, message } = condition;
  return { type, status, lastTransitionTime, reason: reason || undefined, message: message || undefined };
}

function withAnnotations(metadata: ObjectMeta, values: Readonly<Record<string, unknown>>): ObjectMeta {
  const added = Object.entries(values).filter(([, value]) => value !== undefined);
  const rest = withoutRoundTrip(metadata);
  if (added.length === 0) return rest;
  const texts = Object.fromEntries(added.map(([name, value]) => [name, JSON.stringify(value)]));
  return { ...rest, annotations: { ...rest.annotations, ...texts } };
}

/** Reads a list out of an annotation; `undefined` where there is none, or something else. */
function annotated<S extends Struct>(items: S, text: string | undefined): readonly Infer<S>[] | undefined {
  const json = jsonOf(text);
  if (!Array.isArray(json)) return undefined;
  const decoded = decodeValue(list(items), json);
  return "error" in decoded ? undefined : (decoded.value as readonly Infer<S>[]);
}

/** Clients may write any text into an annotation. */
function jsonOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseApiJson(text);
  } catch {
    return undefined;
  }
}
