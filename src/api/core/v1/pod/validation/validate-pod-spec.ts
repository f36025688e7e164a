import { ipProblems } from "../../../../addresses.ts";
import { repeatedIndices } from "../../../../by-key.ts";
import type { FieldError } from "../../../../field-error.ts";
import { duplicate, forbidden, invalid, invalidFor, notSupported, tooLong } from "../../../../field-error.ts";
import { validateLabels } from "../../../../meta/v1/validate-labels.ts";
import { dnsLabelProblems, dnsSubdomainProblems, labelKeyProblems, rangeProblems } from "../../../../names.ts";
import type { PodSpec } from "../pod-schema.ts";
import { validateAffinity } from "./validate-affinity.ts";
import { validateContainers, validateEphemeralContainers, validateInitContainers } from "./validate-containers.ts";
import { validateDnsConfig } from "./validate-dns-config.ts";
import { validatePodSecurityContext } from "./validate-security-context.ts";
import { validateTolerations } from "./validate-tolerations.ts";
import { validateTopologySpread } from "./validate-topology-spread.ts";
import { validateVolumes } from "./validate-volumes.ts";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
const PREEMPTION_POLICIES = ["PreemptLowerPriority", "Never"];
const INT32_MAX = 2 ** 31 - 1;
/** What Linux keeps of a host name. */
const HOSTNAME_MAX_BYTES = 64;

/** What is wrong with the spec of a Pod or of a template, in upstream's order. */
export function validatePodSpec(spec: PodSpec, path: string): FieldError[] {
  return [
    ...validateVolumes(spec.volumes ?? [], `${path}.volumes`),
    ...validateContainers(spec, `${path}.containers`),
    ...validateInitContainers(spec, `${path}.initContainers`),
    ...validateEphemeralContainers(spec, `${path}.ephemeralContainers`),
    ...oneOf(spec.restartPolicy, RESTART_POLICIES, `${path}.restartPolicy`),
    ...oneOf(spec.dnsPolicy, DNS_POLICIES, `${path}.dnsPolicy`),
    ...validateLabels(spec.nodeSelector, `${path}.nodeSelector`),
    ...validatePodSecurityContext(spec, `${path}.securityContext`),
    ...validateAffinity(spec.affinity, `${path}.affinity`),
    ...validateDnsConfig(spec, `${path}.dnsConfig`),
    ...validateGates(spec, path),
    ...validateTopologySpread(spec.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`),
    ...validateHostNetwork(spec, path),
    ...validateUserNamespace(spec, path),
    ...validateHostnameOverride(spec, `${path}.hostnameOverride`),
    ...validateNames(spec, path),
    ...validateDurations(spec, path),
    ...validateTolerations(spec.tolerations ?? [], `${path}.tolerations`),
    ...validateHostAliases(spec, `${path}.hostAliases`),
    ...(spec.preemptionPolicy === undefined
      ? []
      : oneOf(spec.preemptionPolicy, PREEMPTION_POLICIES, `${path}.preemptionPolicy`)),
  ];
}

function oneOf(value: string, supported: readonly string[], path: string): FieldError[] {
  return supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

function validateGates({ readinessGates = [], schedulingGates = [] }: PodSpec, path: string): FieldError[] {
  const repeated = repeatedIndices(schedulingGates, ({ name }) => name);
  return [
    ...readinessGates.flatMap(({ conditionType }, i) =>
      invalidFor(`${path}.readinessGates[${i}].conditionType`, conditionType, labelKeyProblems(conditionType)),
    ),
    ...schedulingGates.flatMap(({ name }, i) => [
      ...invalidFor(`${path}.schedulingGates[${i}]`, name, labelKeyProblems(name)),
      ...(repeated.has(i) ? [duplicate(`${path}.schedulingGates[${i}]`, name)] : []),
    ]),
  ];
}

/** In a template the host's port may be left out: the pod that is made from it gets it. */
function validateHostNetwork({ hostNetwork, containers }: PodSpec, path: string): FieldError[] {
  if (hostNetwork !== true) return [];
  return containers.flatMap(({ ports = [] }, c) =>
    ports.flatMap(({ hostPort = 0, containerPort }, p) =>
      hostPort === 0 || hostPort === containerPort
        ? []
        : [
            invalid(
              `${path}.containers[${c}].ports[${p}].hostPort`,
              hostPort,
              "must match `containerPort` when `hostNetwork` is true",
            ),
          ],
    ),
  );
}

/** A user namespace of the Pod's own goes with none of the machine's other namespaces. */
function validateUserNamespace(spec: PodSpec, path: string): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const detail = "when `hostUsers` is false";
  const lists = ["initContainers", "containers", "ephemeralContainers"] as const;
  return [
    ...(spec.hostNetwork === true ? [forbidden(`${path}.hostNetwork`, detail)] : []),
    ...(spec.hostPID === true ? [forbidden(`${path}.HostPID`, detail)] : []),
    ...(spec.hostIPC === true ? [forbidden(`${path}.HostIPC`, detail)] : []),
    ...lists.flatMap((list) =>
      (spec[list] ?? []).flatMap(({ volumeDevices = [] }, i) =>
        volumeDevices.length > 0 ? [forbidden(`${path}.${list}[${i}].volumeDevices`, detail)] : [],
      ),
    ),
  ];
}

/** The name of a pod that has a network and a kernel's host name of its own. */
function validateHostnameOverride(spec: PodSpec, path: string): FieldError[] {
  const { hostnameOverride, setHostnameAsFQDN, hostNetwork } = spec;
  if (hostnameOverride === undefined) return [];
  const because = (field: string) => forbidden(path, `may not be specified when ${field} is true`);
  return [
    ...(setHostnameAsFQDN === true ? [because("setHostnameAsFQDN")] : []),
    ...(hostNetwork === true ? [because("hostNetwork")] : []),
    ...(hostnameOverride.length > HOSTNAME_MAX_BYTES ? [tooLong(path, HOSTNAME_MAX_BYTES)] : []),
    ...invalidFor(path, hostnameOverride, dnsSubdomainProblems(hostnameOverride)),
  ];
}

function validateNames(spec: PodSpec, path: string): FieldError[] {
  const check = (name: keyof PodSpec, text: string | undefined, rule: (text: string) => string[]) =>
    text === undefined || text === "" ? [] : invalidFor(`${path}.${name}`, text, rule(text));
  return [
    ...check("serviceAccountName", spec.serviceAccountName, dnsSubdomainProblems),
    ...check("nodeName", spec.nodeName, dnsSubdomainProblems),
    ...check("hostname", spec.hostname, dnsLabelProblems),
    ...check("subdomain", spec.subdomain, dnsLabelProblems),
    ...check("priorityClassName", spec.priorityClassName, dnsSubdomainProblems),
    ...check("runtimeClassName", spec.runtimeClassName, dnsSubdomainProblems),
  ];
}

function validateDurations(spec: PodSpec, path: string): FieldError[] {
  const { activeDeadlineSeconds } = spec;
  return [
    ...(activeDeadlineSeconds === undefined
      ? []
      : invalidFor(
          `${path}.activeDeadlineSeconds`,
          activeDeadlineSeconds,
          rangeProblems(activeDeadlineSeconds, 1, INT32_MAX),
        )),
  ];
}

function validateHostAliases({ hostAliases = [] }: PodSpec, path: string): FieldError[] {
  return hostAliases.flatMap(({ ip, hostnames = [] }, index) => [
    ...invalidFor(`${path}[${index}].ip`, ip, ipProblems(ip)),
    ...hostnames.flatMap((hostname, h) =>
      invalidFor(`${path}[${index}].hostnames[${h}]`, hostname, dnsSubdomainProblems(hostname)),
    ),
  ]);
}
