import { labelSelectorSchema } from "../../../meta/v1/label-selector.ts";
import type { Infer } from "../../../schema.ts";
import { field, struct, t } from "../../../schema.ts";

export const crossVersionObjectReferenceSchema = struct(
  "io.k8s.api.autoscaling.v2.CrossVersionObjectReference",
  "Names an object without its version.",
  {
    kind: field(1, t.string, "Kind of the object.", { required: true }),
    name: field(2, t.string, "Name of the object.", { required: true }),
    apiVersion: field(3, t.string, "API version of the object."),
  },
);
export type CrossVersionObjectReference = Infer<typeof crossVersionObjectReferenceSchema>;

export const metricTargetSchema = struct(
  "io.k8s.api.autoscaling.v2.MetricTarget",
  "The value of a metric that the autoscaler aims at.",
  {
    type: field(1, t.string, "Which of the values counts: Utilization, Value or AverageValue.", { required: true }),
    value: field(2, t.quantity, "Value of the metric."),
    averageValue: field(3, t.quantity, "Average of the metric over all pods."),
    averageUtilization: field(4, t.int32, "Average over all pods, in percent of what they request.", {
      keepEmpty: true,
    }),
  },
);
export type MetricTarget = Infer<typeof metricTargetSchema>;

export const metricIdentifierSchema = struct("io.k8s.api.autoscaling.v2.MetricIdentifier", "Names a metric.", {
  name: field(1, t.string, "Name of the metric.", { required: true }),
  selector: field(2, labelSelectorSchema, "Labels of the metric. Default: the metric is found by its name alone."),
});
export type MetricIdentifier = Infer<typeof metricIdentifierSchema>;

const metric = metricIdentifierSchema;
const target = field(2, metricTargetSchema, "Value to aim at.", { required: true });

export const objectMetricSourceSchema = struct(
  "io.k8s.api.autoscaling.v2.ObjectMetricSource",
  "A metric of one object, such as the requests per second of an Ingress.",
  {
    describedObject: field(1, crossVersionObjectReferenceSchema, "Object that the metric describes.", {
      required: true,
    }),
    target,
    metric: field(3, metric, "Metric to read.", { required: true }),
  },
);

export const podsMetricSourceSchema = struct(
  "io.k8s.api.autoscaling.v2.PodsMetricSource",
  "A metric of each pod, averaged over all pods.",
  { metric: field(1, metric, "Metric to read.", { required: true }), target },
);

export const resourceMetricSourceSchema = struct(
  "io.k8s.api.autoscaling.v2.ResourceMetricSource",
  "A resource that pods request, such as cpu.",
  { name: field(1, t.string, "Name of the resource.", { required: true }), target },
);

export const containerResourceMetricSourceSchema = struct(
  "io.k8s.api.autoscaling.v2.ContainerResourceMetricSource",
  "A resource that one container of each pod requests.",
  {
    name: field(1, t.string, "Name of the resource.", { required: true }),
    target,
    container: field(3, t.string, "Name of the container.", { required: true }),
  },
);

export const externalMetricSourceSchema = struct(
  "io.k8s.api.autoscaling.v2.ExternalMetricSource",
  "A metric that is not about an object of the cluster.",
  { metric: field(1, metric, "Metric to read.", { required: true }), target },
);

export const metricSpecSchema = struct("io.k8s.api.autoscaling.v2.MetricSpec", "A metric and its target.", {
  type: field(1, t.string, "Which source is set: Object, Pods, Resource, ContainerResource or External.", {
    required: true,
  }),
  object: field(2, objectMetricSourceSchema, "Metric of one object."),
  pods: field(3, podsMetricSourceSchema, "Metric of each pod."),
  resource: field(4, resourceMetricSourceSchema, "Resource of pods."),
  containerResource: field(7, containerResourceMetricSourceSchema, "Resource of one container of each pod."),
  external: field(5, externalMetricSourceSchema, "Metric from outside the cluster."),
});
export type MetricSpec = Infer<typeof metricSpecSchema>;
