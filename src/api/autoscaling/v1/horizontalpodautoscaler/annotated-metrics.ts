import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct, t } from "../../../schema.ts";
import { crossVersionObjectReferenceSchema as reference } from "../../v2/horizontalpodautoscaler/metrics.ts";

/*
 * Metrics as annotations of `autoscaling/v1` carry them. They are in no published description: upstream has these types in
 * the Go package k8s.io/api/autoscaling/v1 alone.
 */

const name = "io.k8s.api.autoscaling.v1";
const selector = labelSelectorSchema;

const described = field(1, reference, "Object that the metric describes.", { required: true });
const metricName = t.string;

export const annotatedMetricSchema = struct(`${name}.MetricSpec`, "A metric and its target.", {
  type: field(1, t.string, "Which source is set.", { required: true }),
  object: field(
    2,
    struct(`${name}.ObjectMetricSource`, "A metric of one object.", {
      target: described,
      metricName: field(2, metricName, "Name of the metric.", { required: true }),
      targetValue: field(3, t.quantity, "Value to aim at.", { required: true }),
      selector: field(4, selector, "Labels of the metric."),
      averageValue: field(5, t.quantity, "Average over all pods to aim at."),
    }),
    "Metric of one object.",
  ),
  pods: field(
    3,
    struct(`${name}.PodsMetricSource`, "A metric of each pod.", {
      metricName: field(1, metricName, "Name of the metric.", { required: true }),
      targetAverageValue: field(2, t.quantity, "Average over all pods to aim at.", { required: true }),
      selector: field(3, selector, "Labels of the metric."),
    }),
    "Metric of each pod.",
  ),
  resource: field(
    4,
    struct(`${name}.ResourceMetricSource`, "A resource of pods.", {
      name: field(1, t.string, "Name of the resource.", { required: true }),
      targetAverageUtilization: field(2, t.int32, "Percentage to aim at.", { keepEmpty: true }),
      targetAverageValue: field(3, t.quantity, "Average over all pods to aim at."),
    }),
    "Resource of pods.",
  ),
  containerResource: field(
    7,
    struct(`${name}.ContainerResourceMetricSource`, "A resource of one container of each pod.", {
      name: field(1, t.string, "Name of the resource.", { required: true }),
      targetAverageUtilization: field(2, t.int32, "Percentage to aim at.", { keepEmpty: true }),
      targetAverageValue: field(3, t.quantity, "Average over all pods to aim at."),
      container: field(5, t.string, "Name of the container.", { required: true }),
    }),
    "Resource of one container of each pod.",
  ),
  external: field(
    5,
    struct(`${name}.ExternalMetricSource`, "A metric from outside the cluster.", {
      metricName: field(1, metricName, "Name of the metric.", { required: true }),
      metricSelector: field(2, selector, "Labels of the metric."),
      targetValue: field(3, t.quantity, "Value to aim at."),
      targetAverageValue: field(4, t.quantity, "Average over all pods to aim at."),
    }),
    "Metric from outside the cluster.",
  ),
});
export type AnnotatedMetric = Infer<typeof annotatedMetricSchema>;

export const annotatedStatusSchema = struct(`${name}.MetricStatus`, "The current value of a metric.", {
  type: field(1, t.string, "Which source is set.", { required: true }),
  object: field(
    2,
    struct(`${name}.ObjectMetricStatus`, "A metric of one object.", {
      target: described,
      metricName: field(2, metricName, "Name of the metric.", { required: true }),
      currentValue: field(3, t.quantity, "Current value.", { required: true }),
      selector: field(4, selector, "Labels of the metric."),
      averageValue: field(5, t.quantity, "Current average over all pods."),
    }),
    "Metric of one object.",
  ),
  pods: field(
    3,
    struct(`${name}.PodsMetricStatus`, "A metric of each pod.", {
      metricName: field(1, metricName, "Name of the metric.", { required: true }),
      currentAverageValue: field(2, t.quantity, "Current average over all pods.", { required: true }),
      selector: field(3, selector, "Labels of the metric."),
    }),
    "Metric of each pod.",
  ),
  resource: field(
    4,
    struct(`${name}.ResourceMetricStatus`, "A resource of pods.", {
      name: field(1, t.string, "Name of the resource.", { required: true }),
      currentAverageUtilization: field(2, t.int32, "Current percentage.", { keepEmpty: true }),
      currentAverageValue: field(3, t.quantity, "Current average over all pods.", { required: true }),
    }),
    "Resource of pods.",
  ),
  containerResource: field(
    7,
    struct(`${name}.ContainerResourceMetricStatus`, "A resource of one container of each pod.", {
      name: field(1, t.string, "Name of the resource.", { required: true }),
      currentAverageUtilization: field(2, t.int32, "Current percentage.", { keepEmpty: true }),
      currentAverageValue: field(3, t.quantity, "Current average over all pods.", { required: true }),
      container: field(4, t.string, "Name of the container.", { required: true }),
    }),
    "Resource of one container of each pod.",
  ),
  external: field(
    5,
    struct(`${name}.ExternalMetricStatus`, "A metric from outside the cluster.", {
      metricName: field(1, metricName, "Name of the metric.", { required: true }),
      metricSelector: field(2, selector, "Labels of the metric."),
      currentValue: field(3, t.quantity, "Current value.", { required: true }),
      currentAverageValue: field(4, t.quantity, "Current average over all pods."),
    }),
    "Metric from outside the cluster.",
  ),
});
export type AnnotatedStatus = Infer<typeof annotatedStatusSchema>;
