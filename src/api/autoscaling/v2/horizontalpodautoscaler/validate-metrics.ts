import { validateContainerResourceName } from "../../../core/v1/pod/validation/validate-resources.ts";
import type { FieldError } from "../../../field-error.ts";
import { forbidden, invalid, invalidFor, notSupported, required } from "../../../field-error.ts";
import { dnsLabelProblems, pathSegmentProblems } from "../../../names.ts";
import { quantityOf } from "../../../quantity.ts";
import type { CrossVersionObjectReference, MetricIdentifier, MetricSpec, MetricTarget } from "./metrics.ts";

/**
 * What the API version of a reference may be: one of a named group, one of any group, or anything at all where an object that
 * was valid before is not to become invalid.
 */
export type ReferenceRules = "groupNeeded" | "anyGroup" | "anyVersion";

type Source = "object" | "pods" | "resource" | "containerResource" | "external";

/** The field that belongs to each type of metric. */
const SOURCES: ReadonlyMap<string, Source> = new Map([
  ["ContainerResource", "containerResource"],
  ["External", "external"],
  ["Object", "object"],
  ["Pods", "pods"],
  ["Resource", "resource"],
]);
const TYPES = [...SOURCES.keys()];
/** Sources in upstream's order: only the first one that is set is checked. */
const CHECKED: readonly Source[] = ["object", "external", "pods", "resource", "containerResource"];

export function validateMetrics(
  metrics: readonly MetricSpec[],
  minReplicas: number | undefined,
  rules: ReferenceRules,
): readonly FieldError[] {
  const path = "spec.metrics";
  const scalesFromZero = metrics.some(({ type }) => type === "Object" || type === "External");
  return [
    ...metrics.flatMap((metric, index) => validateMetric(metric, `${path}[${index}]`, rules)),
    ...(minReplicas === 0 && !scalesFromZero
      ? [forbidden(path, "must specify at least one Object or External metric to support scaling to zero replicas")]
      : []),
  ];
}

function validateMetric(metric: MetricSpec, path: string, rules: ReferenceRules): readonly FieldError[] {
  const { type } = metric;
  const expected = SOURCES.get(type);
  const given = CHECKED.filter((source) => metric[source] !== undefined);
  const [first] = given;
  const unknown = notSupported(`${path}.type`, type, TYPES);
  const others = given.length === 1 ? [] : given.filter((source) => source !== expected);
  return [
    ...(type === "" ? [required(`${path}.type`, "must specify a metric source type")] : []),
    ...(expected === undefined ? [unknown] : []),
    ...(first === undefined ? [] : validateSource(metric, first, { path: `${path}.${first}`, rules })),
    // Upstream reports an unknown type twice.
    ...(expected === undefined ? [unknown] : []),
    ...(expected !== undefined && metric[expected] === undefined
      ? [required(`${path}.${expected}`, "must populate information for the given metric source")]
      : []),
    ...others.map((source) => forbidden(`${path}.${source}`, "must populate the given metric source only")),
  ];
}

interface Place {
  readonly path: string;
  readonly rules: ReferenceRules;
}

function validateSource(metric: MetricSpec, source: Source, { path, rules }: Place): readonly FieldError[] {
  const { object, external, pods, resource, containerResource } = metric;
  if (source === "object" && object !== undefined) {
    return [
      ...validateReference(object.describedObject, `${path}.describedObject`, rules),
      ...validateMeasured(object, path),
      ...withoutValue(object.target, path, "must set either a target value or averageValue"),
    ];
  }
  if (source === "external" && external !== undefined) {
    const { value, averageValue } = external.target;
    return [
      ...validateMeasured(external, path),
      ...withoutValue(external.target, path, "must set either a target value for metric or a per-pod target"),
      ...(value !== undefined && averageValue !== undefined
        ? [forbidden(`${path}.target.value`, "may not set both a target value for metric and a per-pod target")]
        : []),
    ];
  }
  if (source === "pods" && pods !== undefined) {
    return [
      ...validateMeasured(pods, path),
      ...(pods.target.averageValue === undefined
        ? [required(`${path}.target.averageValue`, "must specify a positive target averageValue")]
        : []),
    ];
  }
  if (source === "resource" && resource !== undefined) {
    const name = resource.name === "" ? [required(`${path}.name`, "must specify a resource name")] : [];
    return [...name, ...validateUtilization(resource.target, `${path}.target`)];
  }
  return containerResource === undefined ? [] : validateContainerResource(containerResource, path);
}

function validateContainerResource(
  { name, container, target }: NonNullable<MetricSpec["containerResource"]>,
  path: string,
): readonly FieldError[] {
  return [
    ...(name === ""
      ? [required(`${path}.name`, "must specify a resource name")]
      : validateContainerResourceName(name, `${path}.name`)),
    ...(container === ""
      ? [required(`${path}.container`, "must specify a container")]
      : invalidFor(`${path}.container`, container, dnsLabelProblems(container))),
    ...validateUtilization(target, `${path}.target`),
  ];
}

function validateMeasured(
  { metric, target }: { readonly metric: MetricIdentifier; readonly target: MetricTarget },
  path: string,
): readonly FieldError[] {
  const name = `${path}.metric.name`;
  return [
    ...(metric.name === ""
      ? [required(name, "must specify a metric name")]
      : invalidFor(name, metric.name, pathSegmentProblems(metric.name))),
    ...validateTarget(target, `${path}.target`),
  ];
}

function withoutValue({ value, averageValue }: MetricTarget, path: string, detail: string): readonly FieldError[] {
  return value === undefined && averageValue === undefined ? [required(`${path}.target.averageValue`, detail)] : [];
}

function validateUtilization(target: MetricTarget, path: string): readonly FieldError[] {
  const { averageUtilization, averageValue } = target;
  return [
    ...validateTarget(target, path),
    ...(averageUtilization === undefined && averageValue === undefined
      ? [required(`${path}.averageUtilization`, "must set either a target raw value or a target utilization")]
      : []),
    ...(averageUtilization !== undefined && averageValue !== undefined
      ? [forbidden(`${path}.averageValue`, "may not set both a target raw value and a target utilization")]
      : []),
  ];
}

const TARGET_TYPES = ["Utilization", "Value", "AverageValue"];

function validateTarget(
  { type, value, averageValue, averageUtilization }: MetricTarget,
  path: string,
): readonly FieldError[] {
  const isPositive = (quantity: string) => quantityOf(quantity).nanos > 0n;
  return [
    ...(type === "" ? [required(`${path}.type`, "must specify a metric target type")] : []),
    ...(TARGET_TYPES.includes(type)
      ? []
      : [invalid(`${path}.type`, type, "must be either Utilization, Value, or AverageValue")]),
    ...(value !== undefined && !isPositive(value) ? [invalid(`${path}.value`, value, "must be positive")] : []),
    ...(averageValue !== undefined && !isPositive(averageValue)
      ? [invalid(`${path}.averageValue`, averageValue, "must be positive")]
      : []),
    ...(averageUtilization !== undefined && averageUtilization < 1
      ? [invalid(`${path}.averageUtilization`, averageUtilization, "must be greater than 0")]
      : []),
  ];
}

export function validateReference(
  reference: CrossVersionObjectReference,
  path: string,
  rules: ReferenceRules,
): readonly FieldError[] {
  const { kind, name, apiVersion = "" } = reference;
  const segment = (value: string, field: string) =>
    value === "" ? [required(`${path}.${field}`)] : invalidFor(`${path}.${field}`, value, pathSegmentProblems(value));
  const problem = apiVersionProblem(reference, rules);
  return [
    ...segment(kind, "kind"),
    ...segment(name, "name"),
    ...(problem === undefined ? [] : [invalid(`${path}.apiVersion`, apiVersion, problem)]),
  ];
}

/** Returns what is wrong with the API version of a reference. */
export function apiVersionProblem(
  { apiVersion = "" }: CrossVersionObjectReference,
  rules: ReferenceRules,
): string | undefined {
  if (rules === "anyVersion") return undefined;
  const parts = apiVersion === "/" ? [] : apiVersion.split("/");
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const isInGroup = parts.length === 2 && parts[0] !== "";
  return rules === "groupNeeded" && !isInGroup ? "apiVersion must specify API group" : undefined;
}
