import type { MetricStatus, MetricValueStatus } from "../../v2/horizontalpodautoscaler/metric-status.ts";
import type { MetricIdentifier, MetricSpec, MetricTarget } from "../../v2/horizontalpodautoscaler/metrics.ts";
import type { AnnotatedMetric, AnnotatedStatus } from "./annotated-metrics.ts";

/** A quantity that upstream's annotation always has. */
const NO_QUANTITY = "0";

type Selector = MetricIdentifier["selector"];

function identified(name: string, selector: Selector): MetricIdentifier {
  return { name, ...(selector !== undefined && { selector }) };
}

/** Writes a metric as annotations of `autoscaling/v1` carry it. Fields are in upstream's order. */
export function annotatedMetric(metric: MetricSpec): AnnotatedMetric {
  const { type, object, pods, resource, containerResource, external } = metric;
  return {
    type,
    object: object && {
      target: object.describedObject,
      metricName: object.metric.name,
      targetValue: object.target.value ?? NO_QUANTITY,
      selector: object.metric.selector,
      averageValue: object.target.averageValue,
    },
    pods: pods && {
      metricName: pods.metric.name,
      targetAverageValue: pods.target.averageValue ?? NO_QUANTITY,
      selector: pods.metric.selector,
    },
    resource: resource && annotatedResource(resource.name, resource.target),
    containerResource: containerResource && {
      ...annotatedResource(containerResource.name, containerResource.target),
      container: containerResource.container,
    },
    external: external && {
      metricName: external.metric.name,
      metricSelector: external.metric.selector,
      targetValue: external.target.value,
      targetAverageValue: external.target.averageValue,
    },
  };
}

function annotatedResource(name: string, { averageUtilization, averageValue }: MetricTarget) {
  return { name, targetAverageUtilization: averageUtilization, targetAverageValue: averageValue };
}

/** Reads what {@link annotatedMetric} wrote. The type of a target follows from which of its values is set. */
export function metricOf(metric: AnnotatedMetric): MetricSpec {
  const { type, object, pods, resource, containerResource, external } = metric;
  return {
    type,
    object: object && {
      describedObject: object.target,
      target: objectTarget(object),
      metric: identified(object.metricName, object.selector),
    },
    pods: pods && {
      metric: identified(pods.metricName, pods.selector),
      target: { type: "AverageValue", averageValue: pods.targetAverageValue },
    },
    resource: resource && { name: resource.name, target: resourceTarget(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      target: resourceTarget(containerResource),
      container: containerResource.container,
    },
    external: external && {
      metric: identified(external.metricName, external.metricSelector),
      target: {
        type: external.targetValue === undefined ? "AverageValue" : "Value",
        ...given({ value: external.targetValue, averageValue: external.targetAverageValue }),
      },
    },
  };
}

function objectTarget({ targetValue, averageValue }: NonNullable<AnnotatedMetric["object"]>): MetricTarget {
  if (averageValue === undefined) return { type: "Value", value: targetValue };
  // 0 is no valid target: it stands for none. Upstream keeps it, and refuses the object when it is written again.
  return { type: "AverageValue", ...(targetValue !== NO_QUANTITY && { value: targetValue }), averageValue };
}

function resourceTarget({
  targetAverageUtilization: averageUtilization,
  targetAverageValue: averageValue,
}: NonNullable<AnnotatedMetric["resource"]>): MetricTarget {
  const type = averageUtilization === undefined ? "AverageValue" : "Utilization";
  return { type, ...given({ averageValue, averageUtilization }) };
}

/** Writes the current value of a metric as annotations of `autoscaling/v1` carry it. */
export function annotatedStatus(status: MetricStatus): AnnotatedStatus {
  const { type, object, pods, resource, containerResource, external } = status;
  return {
    type,
    object: object && {
      target: object.describedObject,
      metricName: object.metric.name,
      currentValue: object.current.value ?? NO_QUANTITY,
      selector: object.metric.selector,
      averageValue: object.current.averageValue,
    },
    pods: pods && {
      metricName: pods.metric.name,
      currentAverageValue: pods.current.averageValue ?? NO_QUANTITY,
      selector: pods.metric.selector,
    },
    resource: resource && annotatedResourceStatus(resource.name, resource.current),
    containerResource: containerResource && {
      ...annotatedResourceStatus(containerResource.name, containerResource.current),
      container: containerResource.container,
    },
    external: external && {
      metricName: external.metric.name,
      metricSelector: external.metric.selector,
      currentValue: external.current.value ?? NO_QUANTITY,
      currentAverageValue: external.current.averageValue,
    },
  };
}

function annotatedResourceStatus(name: string, { averageUtilization, averageValue }: MetricValueStatus) {
  return {
    name,
    currentAverageUtilization: averageUtilization,
    currentAverageValue: averageValue ?? NO_QUANTITY,
  };
}

/** Reads what {@link annotatedStatus} wrote. */
export function statusOf(status: AnnotatedStatus): MetricStatus {
  const { type, object, pods, resource, containerResource, external } = status;
  return {
    type,
    object: object && {
      metric: identified(object.metricName, object.selector),
      current: { value: object.currentValue, ...given({ averageValue: object.averageValue }) },
      describedObject: object.target,
    },
    pods: pods && {
      metric: identified(pods.metricName, pods.selector),
      current: { averageValue: pods.currentAverageValue },
    },
    resource: resource && { name: resource.name, current: resourceValue(resource) },
    containerResource: containerResource && {
      name: containerResource.name,
      current: resourceValue(containerResource),
      container: containerResource.container,
    },
    external: external && {
      metric: identified(external.metricName, external.metricSelector),
      current: { value: external.currentValue, ...given({ averageValue: external.currentAverageValue }) },
    },
  };
}

function resourceValue({
  currentAverageValue: averageValue,
  currentAverageUtilization: averageUtilization,
}: NonNullable<AnnotatedStatus["resource"]>): MetricValueStatus {
  return { averageValue, ...given({ averageUtilization }) };
}

/** The values that are set: the field of one that is not must be absent in an object that is compared. */
function given<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
