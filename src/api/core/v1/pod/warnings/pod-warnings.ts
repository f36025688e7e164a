import { ipWarnings } from "../../../../address-warnings.ts";
import { goQuote } from "../../../../go-quote.ts";
import type { ObjectMeta } from "../../../../meta/v1/object-meta.ts";
import { dnsLabelProblems } from "../../../../names.ts";
import { deprecatedNodeLabel, nodeSelectorTermWarnings } from "../../node/node-label-warnings.ts";
import type { PodAffinity } from "../affinity.ts";
import type { Pod, PodSpec } from "../pod-schema.ts";
import type { PodTemplateSpec } from "../pod-template.ts";
import { containerWarnings } from "./container-warnings.ts";
import { containersOf, fractionalByteWarnings } from "./pod-containers.ts";
import { portWarnings } from "./port-warnings.ts";
import { volumePathWarnings } from "./volume-path-warnings.ts";
import { volumeWarnings } from "./volume-warnings.ts";

/** Returns the warnings of a write of a Pod: of a new one, and of the addresses in a status. Updates have none. */
export function podWriteWarnings(pod: Pod, previous: Pod | undefined, subresource: string): readonly string[] {
  if (previous === undefined) return podWarnings(pod);
  if (subresource !== "status") return [];
  const { podIPs = [], hostIPs = [] } = pod.status ?? {};
  return [
    ...podIPs.flatMap(({ ip }, i) => ipWarnings(`status.podIPs[${i}].ip`, ip)),
    ...hostIPs.flatMap(({ ip }, i) => ipWarnings(`status.hostIPs[${i}].ip`, ip)),
  ];
}

/** As upstream's `pkg/api/pod/warnings.go` has them. */
function podWarnings({ metadata, spec }: Pod): readonly string[] {
  const problems = dnsLabelProblems(metadata.name);
  const text =
    "this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";
  return [
    ...(problems.length === 0 ? [] : [`metadata.name: ${text}: [${problems.join(" ")}]`]),
    ...specWarnings(metadata, spec, ""),
  ];
}

/** Returns the warnings of a workload's template and, for a new workload, of its name. */
export function workloadWarnings(
  {
    metadata,
    spec,
  }: { readonly metadata: ObjectMeta; readonly spec: { readonly template?: PodTemplateSpec | undefined } },
  previous?: { readonly metadata: ObjectMeta },
): readonly string[] {
  if (previous !== undefined && previous.metadata.generation === metadata.generation) return [];
  const problems = previous === undefined ? dnsLabelProblems(metadata.name) : [];
  const text =
    "this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended";
  return [
    ...(problems.length === 0 ? [] : [`metadata.name: ${text}: [${problems.join(" ")}]`]),
    ...(spec.template === undefined ? [] : templateWarnings(spec.template)),
  ];
}

/** Returns the warnings of a workload's template, which is at `spec.template`. */
export function templateWarnings({ metadata, spec }: PodTemplateSpec): readonly string[] {
  return specWarnings(metadata, spec, "spec.template.");
}

function specWarnings(meta: ObjectMeta, spec: PodSpec, prefix: string): readonly string[] {
  const path = `${prefix}spec`;
  return [
    ...nodeSelectionWarnings(spec, path),
    ...annotationWarnings(meta, `${prefix}metadata.annotations`),
    ...volumeWarnings(spec.volumes ?? [], `${path}.volumes`),
    ...volumePathWarnings(spec.volumes ?? []),
    ...duplicateWarnings(spec, path),
    ...fractionalByteWarnings(spec.overhead, `${path}.overhead`),
    ...seccompWarnings(meta, spec, prefix),
    ...containersOf(spec, path).flatMap((located) => containerWarnings(located, { meta, spec, prefix })),
    ...portWarnings(containersOf(spec, path)),
    ...((spec.terminationGracePeriodSeconds ?? 0) < 0
      ? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
      : []),
    ...affinityWarnings(spec.affinity?.podAffinity, `${path}.affinity.podAffinity`),
    ...affinityWarnings(spec.affinity?.podAntiAffinity, `${path}.affinity.podAntiAffinity`),
    ...(spec.dnsConfig?.nameservers ?? []).flatMap((ip, i) => ipWarnings(`${path}.dnsConfig.nameservers[${i}]`, ip)),
    ...(spec.hostAliases ?? []).flatMap(({ ip }, i) => ipWarnings(`${path}.hostAliases[${i}].ip`, ip)),
  ];
}

function nodeSelectionWarnings(spec: PodSpec, path: string): readonly string[] {
  const { requiredDuringSchedulingIgnoredDuringExecution: required, preferredDuringSchedulingIgnoredDuringExecution } =
    spec.affinity?.nodeAffinity ?? {};
  const at = `${path}.affinity.nodeAffinity`;
  return [
    ...Object.keys(spec.nodeSelector ?? {}).flatMap((key) => {
      const message = deprecatedNodeLabel(key);
      return message === undefined ? [] : [`${path}.nodeSelector[${key}]: ${message}`];
    }),
    ...(required?.nodeSelectorTerms ?? []).flatMap((term, i) =>
      nodeSelectorTermWarnings(
        term,
        `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}]`,
        false,
      ),
    ),
    ...(preferredDuringSchedulingIgnoredDuringExecution ?? []).flatMap(({ preference }, i) =>
      nodeSelectorTermWarnings(
        preference,
        `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}].preference`,
        true,
      ),
    ),
    ...(spec.topologySpreadConstraints ?? []).flatMap(({ topologyKey, labelSelector }, i) => {
      const message = deprecatedNodeLabel(topologyKey);
      const constraint = `${path}.topologySpreadConstraints[${i}]`;
      return [
        ...(message === undefined ? [] : [`${constraint}.topologyKey: ${topologyKey} is ${message}`]),
        ...(labelSelector === undefined ? [matchesNoPod(constraint)] : []),
      ];
    }),
  ];
}

/** Annotations without function, and the fields to use instead. */
const DEPRECATED_ANNOTATIONS: ReadonlyMap<string, string> = new Map([
  ["scheduler.alpha.kubernetes.io/critical-pod", 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ["security.alpha.kubernetes.io/sysctls", 'non-functional in v1.11+; use the "sysctls" field instead'],
  ["security.alpha.kubernetes.io/unsafe-sysctls", 'non-functional in v1.11+; use the "sysctls" field instead'],
]);

function annotationWarnings({ annotations = {} }: ObjectMeta, path: string): readonly string[] {
  return [...DEPRECATED_ANNOTATIONS].flatMap(([key, message]) =>
    Object.hasOwn(annotations, key) ? [`${path}[${key}]: ${message}`] : [],
  );
}

const SECCOMP_ANNOTATION = "seccomp.security.alpha.kubernetes.io/pod";

function seccompWarnings({ annotations = {} }: ObjectMeta, spec: PodSpec, prefix: string): readonly string[] {
  const isIgnored =
    spec.securityContext?.seccompProfile === undefined && Object.hasOwn(annotations, SECCOMP_ANNOTATION);
  const at = `${prefix}metadata.annotations[${SECCOMP_ANNOTATION}]`;
  return isIgnored ? [`${at}: non-functional in v1.27+; use the "seccompProfile" field instead`] : [];
}

function duplicateWarnings({ hostAliases = [], imagePullSecrets = [] }: PodSpec, path: string): readonly string[] {
  const ips = hostAliases.map(({ ip }) => ip);
  const names = imagePullSecrets.map(({ name }) => name ?? "");
  const quoted = (text: string) => goQuote(text);
  return [
    ...repeatedIndices(ips).map((i) => `${path}.hostAliases[${i}].ip: duplicate ip ${quoted(ips[i] ?? "")}`),
    ...repeatedIndices(names).map(
      (i) => `${path}.imagePullSecrets[${i}].name: duplicate name ${quoted(names[i] ?? "")}`,
    ),
    ...names.flatMap((name, i) => (name === "" ? [`${path}.imagePullSecrets[${i}].name: invalid empty name ""`] : [])),
  ];
}

/** Where a text stands that has stood in the list before. */
function repeatedIndices(texts: readonly string[]): readonly number[] {
  const seen = new Set<string>();
  return texts.flatMap((text, index) => {
    if (seen.has(text)) return [index];
    seen.add(text);
    return [];
  });
}

function affinityWarnings(affinity: PodAffinity | undefined, path: string): readonly string[] {
  const required = affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  const preferred = affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return [
    ...required.flatMap(({ labelSelector }, i) =>
      labelSelector === undefined ? [matchesNoPod(`${path}.requiredDuringSchedulingIgnoredDuringExecution[${i}]`)] : [],
    ),
    ...preferred.flatMap(({ podAffinityTerm: { labelSelector } }, i) =>
      labelSelector === undefined
        ? [matchesNoPod(`${path}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm`)]
        : [],
    ),
  ];
}

function matchesNoPod(path: string): string {
  return `${path}.labelSelector: a null labelSelector results in matching no pod`;
}
