import type { Infer } from "../../../schema.ts";
import { field, struct, t } from "../../../schema.ts";
import { crossVersionObjectReferenceSchema, metricIdentifierSchema } from "./metrics.ts";

export const metricValueStatusSchema = struct(
  "io.k8s.api.autoscaling.v2.MetricValueStatus",
  "The value of a metric when it was last read.",
  {
    value: field(1, t.quantity, "Value of the metric."),
    averageValue: field(2, t.quantity, "Average of the metric over all pods."),
    averageUtilization: field(3, t.int32, "Average over all pods, in percent of what they request.", {
      keepEmpty: true,
    }),
  },
);
export type MetricValueStatus = Infer<typeof metricValueStatusSchema>;

const metric = field(1, metricIdentifierSchema, "Metric that was read.", { required: true });
const current = field(2, metricValueStatusSchema, "Current value.", { required: true });

export const objectMetricStatusSchema = struct(
  "io.k8s.api.autoscaling.v2.ObjectMetricStatus",
  "Current value of a metric of one object.",
  {
    metric,
    current,
    describedObject: field(3, crossVersionObjectReferenceSchema, "Object that the metric describes.", {
      required: true,
    }),
  },
);

export const podsMetricStatusSchema = struct(
  "io.k8s.api.autoscaling.v2.PodsMetricStatus",
  "Current value of a metric of each pod.",
  { metric, current },
);

export const resourceMetricStatusSchema = struct(
  "io.k8s.api.autoscaling.v2.ResourceMetricStatus",
  "Current use of a resource by pods.",
  { name: field(1, t.string, "Name of the resource.", { required: true }), current },
);

export const containerResourceMetricStatusSchema = struct(
  "io.k8s.api.autoscaling.v2.ContainerResourceMetricStatus",
  "Current use of a resource by one container of each pod.",
  {
    name: field(1, t.string, "Name of the resource.", { required: true }),
    current,
    container: field(3, t.string, "Name of the container.", { required: true }),
  },
);

export const externalMetricStatusSchema = struct(
  "io.k8s.api.autoscaling.v2.ExternalMetricStatus",
  "Current value of a metric from outside the cluster.",
  { metric, current },
);

export const metricStatusSchema = struct("io.k8s.api.autoscaling.v2.MetricStatus", "The current value of a metric.", {
  type: field(1, t.string, "Which source is set: Object, Pods, Resource, ContainerResource or External.", {
    required: true,
  }),
  object: field(2, objectMetricStatusSchema, "Metric of one object."),
  pods: field(3, podsMetricStatusSchema, "Metric of each pod."),
  resource: field(4, resourceMetricStatusSchema, "Resource of pods."),
  containerResource: field(7, containerResourceMetricStatusSchema, "Resource of one container of each pod."),
  external: field(5, externalMetricStatusSchema, "Metric from outside the cluster."),
});
export type MetricStatus = Infer<typeof metricStatusSchema>;
