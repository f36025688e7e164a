import { ipProblems, isIPv6 } from "../../../../addresses.ts";
import { firstByKey, repeatedIndices } from "../../../../by-key.ts";
import type { FieldError } from "../../../../field-error.ts";
import { duplicate, forbidden, invalid, invalidFor } from "../../../../field-error.ts";
import { dnsSubdomainProblems, labelKeyProblems } from "../../../../names.ts";
import type { Pod, PodSpec } from "../pod-schema.ts";
import type { ContainerStatus, PodStatus } from "../pod-status.ts";

const SYSTEM_CONDITIONS: ReadonlySet<string> = new Set(["PodScheduled", "Ready", "Initialized"]);

/** What a change of the status says that cannot be. `pod` has the new status, `previous` the stored one. */
export function validatePodStatus(pod: Pod, previous: Pod): FieldError[] {
  const { status } = pod;
  const before = previous.status;
  return [
    ...(status.conditions ?? []).flatMap(({ type }, i) =>
      SYSTEM_CONDITIONS.has(type) ? [] : invalidFor(`metadata.conditions[${i}].Type`, type, labelKeyProblems(type)),
    ),
    ...validateNomination(status, before),
    ...validateQosClass(status, before),
    ...validateTransitions(pod, previous),
    ...validateAddresses(status.podIPs ?? [], "status.podIPs"),
    ...validateAddresses(status.hostIPs ?? [], "status.hostIPs"),
  ];
}

function validateNomination({ nominatedNodeName = "" }: PodStatus, before: PodStatus): FieldError[] {
  if (nominatedNodeName === "" || nominatedNodeName === before.nominatedNodeName) return [];
  return invalidFor("status.nominatedNodeName", nominatedNodeName, dnsSubdomainProblems(nominatedNodeName));
}

/** It follows from the spec, so a writer may leave it out, but not change it. */
function validateQosClass({ qosClass = "" }: PodStatus, { qosClass: before = "" }: PodStatus): FieldError[] {
  const changes = qosClass !== "" && before !== "" && qosClass !== before;
  return changes ? [invalid("status.qosClass", qosClass, "field is immutable")] : [];
}

function validateTransitions({ status }: Pod, { status: before, spec }: Pod): FieldError[] {
  const sidecars = new Set((spec.initContainers ?? []).filter((c) => c.restartPolicy === "Always").map((c) => c.name));
  const lists = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] as const;
  return lists.flatMap((list) => {
    const policy = list === "ephemeralContainerStatuses" ? "Never" : spec.restartPolicy;
    const stays = (old: ContainerStatus) =>
      isOver(old, policy) && !(list === "initContainerStatuses" && sidecars.has(old.name));
    return noLongerOver(before[list] ?? [], status[list] ?? [], stays).map((index) =>
      forbidden(`status.${list}[${index}].state`, "may not be transitioned to non-terminated state"),
    );
  });
}

/** Whether a container has ended, and will not be started again. */
function isOver({ state }: ContainerStatus, restartPolicy: PodSpec["restartPolicy"]): boolean {
  if (state?.terminated === undefined || restartPolicy === "Always") return false;
  return restartPolicy === "Never" || state.terminated.exitCode === 0;
}

/** The indices of the old statuses that were final and are no longer. */
function noLongerOver(
  before: readonly ContainerStatus[],
  now: readonly ContainerStatus[],
  stays: (old: ContainerStatus) => boolean,
): number[] {
  const currentOf = firstByKey(now, ({ name }) => name);
  return before.flatMap((old, index) => {
    const current = currentOf.get(old.name);
    return stays(old) && current !== undefined && current.state?.terminated === undefined ? [index] : [];
  });
}

function validateAddresses(addresses: readonly { readonly ip: string }[], path: string): FieldError[] {
  const ips = addresses.map(({ ip }) => ip);
  const malformed = ips.flatMap((ip, i) => invalidFor(`${path}[${i}]`, ip, ipProblems(ip)));
  if (malformed.length > 0 || ips.length < 2) return malformed;
  const repeated = repeatedIndices(ips, (ip) => ip);
  const isMixed = ips.length === 2 && isIPv6(ips[0] ?? "") !== isIPv6(ips[1] ?? "");
  return [
    ...(isMixed ? [] : [invalid(path, ips, "may specify no more than one IP for each IP family")]),
    ...ips.flatMap((ip, i) => (repeated.has(i) ? [duplicate(`${path}[${i}]`, ip)] : [])),
  ];
}
