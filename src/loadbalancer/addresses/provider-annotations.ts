import type { RecordedEvent } from "@fairlead/client/events/event-recorder";

/** Which pool an annotation asks for that was made for the load balancers of a cloud. */
export interface AnnotationRule {
  readonly annotation: string;
  /** Default: any but `false` and the empty one. */
  readonly value?: string;
  /** Name of a pool. */
  readonly pool: string;
  /** Whether another pool will do as well where there is none of that name. */
  readonly isOptional?: boolean;
}

const INTERNAL = { pool: "internal" };
const EXTERNAL = { pool: "external", isOptional: true };

/** The annotations of https://kubernetes.io/docs/concepts/services-networking/service/#internal-load-balancer, and their opposites. */
export const DEFAULT_RULES: readonly AnnotationRule[] = [
  { annotation: "service.beta.kubernetes.io/aws-load-balancer-scheme", value: "internal", ...INTERNAL },
  { annotation: "service.beta.kubernetes.io/aws-load-balancer-scheme", value: "internet-facing", ...EXTERNAL },
  { annotation: "service.beta.kubernetes.io/aws-load-balancer-internal", value: "false", ...EXTERNAL },
  { annotation: "service.beta.kubernetes.io/aws-load-balancer-internal", ...INTERNAL },
  { annotation: "networking.gke.io/load-balancer-type", value: "Internal", ...INTERNAL },
  { annotation: "networking.gke.io/load-balancer-type", value: "External", ...EXTERNAL },
  { annotation: "cloud.google.com/load-balancer-type", value: "Internal", ...INTERNAL },
  { annotation: "cloud.google.com/load-balancer-type", value: "External", ...EXTERNAL },
  { annotation: "service.beta.kubernetes.io/azure-load-balancer-internal", value: "false", ...EXTERNAL },
  { annotation: "service.beta.kubernetes.io/azure-load-balancer-internal", ...INTERNAL },
  {
    annotation: "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type",
    value: "private",
    ...INTERNAL,
  },
  { annotation: "service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type", value: "public", ...EXTERNAL },
  { annotation: "service.beta.kubernetes.io/openstack-internal-load-balancer", value: "false", ...EXTERNAL },
  { annotation: "service.beta.kubernetes.io/openstack-internal-load-balancer", ...INTERNAL },
  { annotation: "service.beta.kubernetes.io/cce-load-balancer-internal-vpc", ...INTERNAL },
  { annotation: "service.kubernetes.io/qcloud-loadbalancer-internal-subnetid", ...INTERNAL },
  { annotation: "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", value: "intranet", ...INTERNAL },
  { annotation: "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type", value: "internet", ...EXTERNAL },
  { annotation: "service.beta.kubernetes.io/oci-load-balancer-internal", value: "false", ...EXTERNAL },
  { annotation: "service.beta.kubernetes.io/oci-load-balancer-internal", ...INTERNAL },
];

/** What annotations of clouds' load balancers begin with. */
const CLOUDS = [
  "service.beta.kubernetes.io/",
  "networking.gke.io/",
  "cloud.google.com/",
  "service.kubernetes.io/ibm-",
  "service.kubernetes.io/qcloud-",
];

/** What a Service's annotations of clouds come to. */
export interface AnnotationChoice {
  /** The pool that they choose, if it is there. */
  readonly pool?: string;
  /** Says which of them have no effect. Undefined: all have. */
  readonly note?: RecordedEvent;
}

/**
 * Chooses a pool by annotations that were written for the load balancer of a cloud.
 *
 * @param rules - The first one that fits counts.
 * @param pools - Names of the pools that there are.
 */
export function chooseByAnnotations(
  annotations: Readonly<Record<string, string>>,
  rules: readonly AnnotationRule[],
  pools: ReadonlySet<string>,
): AnnotationChoice {
  const rule = rules.find((one) => fits(one, annotations));
  const isThere = rule !== undefined && pools.has(rule.pool);
  const known = new Set(rules.map(({ annotation }) => annotation));
  const unknown = Object.keys(annotations).filter(
    (name) => !known.has(name) && CLOUDS.some((prefix) => name.startsWith(prefix)),
  );
  const notes = unknown.length === 0 ? [] : [`no effect here: ${unknown.toSorted().join(", ")}`];
  if (rule !== undefined && !isThere && rule.isOptional !== true) {
    notes.push(
      `${rule.annotation} asks for the pool "${rule.pool}", and there is none: make an IPAddressPool of that name`,
    );
  }
  return {
    ...(isThere && { pool: rule.pool }),
    ...(notes.length > 0 && { note: { type: "Warning", reason: "AnnotationIgnored", message: notes.join("; ") } }),
  };
}

function fits({ annotation, value }: AnnotationRule, annotations: Readonly<Record<string, string>>): boolean {
  const found = Object.hasOwn(annotations, annotation) ? annotations[annotation] : undefined;
  if (found === undefined) return false;
  return value === undefined ? found !== "" && found !== "false" : found === value;
}
