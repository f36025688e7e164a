import { BETA_LABEL, LABEL } from "@fairlead/api/well-known";

type Labels = Readonly<Record<string, string>>;

/** The labels that a kubelet may set on its own node although they are Kubernetes' own. */
const KUBELET_LABELS: ReadonlySet<string> = new Set([
  LABEL.hostname,
  LABEL.os,
  LABEL.arch,
  LABEL.zone,
  LABEL.region,
  LABEL.instanceType,
  BETA_LABEL.zone,
  BETA_LABEL.region,
  BETA_LABEL.instanceType,
  BETA_LABEL.os,
  BETA_LABEL.arch,
]);
const KUBELET_PREFIXES = ["kubelet.kubernetes.io", "node.kubernetes.io"];
const RESTRICTED_PREFIX = "node-restriction.kubernetes.io";

/** The labels among those that differ which a kubelet must not touch, sorted: with them it could draw pods to itself. */
export function forbiddenLabelChanges(before: Labels, after: Labels): readonly string[] {
  const changed = Object.keys({ ...before, ...after }).filter((key) => before[key] !== after[key]);
  return changed.filter(isForbidden).sort();
}

function isForbidden(label: string): boolean {
  const prefix = label.includes("/") ? label.slice(0, label.indexOf("/")) : "";
  if (isWithin(prefix, RESTRICTED_PREFIX)) return true;
  const isOfKubernetes = isWithin(prefix, "kubernetes.io") || isWithin(prefix, "k8s.io");
  return isOfKubernetes && !KUBELET_LABELS.has(label) && !KUBELET_PREFIXES.some((own) => isWithin(prefix, own));
}

function isWithin(prefix: string, domain: string): boolean {
  return prefix === domain || prefix.endsWith(`.${domain}`);
}
