import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { hasLineBreak } from "@fairlead/api/core/v1/pod/validation/validate-paths";
import { type AnyContainer, allContainers } from "../../sync/pod-state.ts";

/** Returns the names of the pod's features that this kubelet does not have. Such a pod is refused rather than run without. */
export function unsupportedFeatures(pod: Pod): readonly string[] {
  return [...podFeatures(pod), ...allContainers(pod).flatMap(({ container }) => containerFeatures(container))];
}

function podFeatures(pod: Pod): readonly string[] {
  const { spec } = pod;
  const asked: readonly (readonly [boolean, string])[] = [
    [(spec.runtimeClassName ?? "") !== "", "spec.runtimeClassName"],
    [spec.hostUsers === false, "spec.hostUsers: false"],
    [(spec.resourceClaims ?? []).length > 0, "spec.resourceClaims"],
    // Our API server refuses these, upstream's not all of them.
    [resolverTexts(pod).some(hasLineBreak), "a line break in spec.dnsConfig"],
    [hostsTexts(pod).some(hasLineBreak), "a line break in spec.hostAliases"],
  ];
  return asked.flatMap(([is, what]) => (is ? [what] : []));
}

/**
 * Returns why a container is not started for a feature that this kubelet does not have; undefined when it has all of them.
 * An ephemeral container is added to a pod that runs already: only the container is refused.
 */
export function unsupportedContainerRefusal(container: AnyContainer): string | undefined {
  const [what] = containerFeatures(container);
  return what && unsupportedMessage(what);
}

/** Returns the message that refuses a feature by its name. */
export function unsupportedMessage(what: string): string {
  return `${what} is not supported by this kubelet`;
}

function containerFeatures(container: AnyContainer): readonly string[] {
  const {
    securityContext,
    volumeDevices = [],
    restartPolicyRules = [],
    env = [],
    volumeMounts = [],
    lifecycle,
  } = container;
  const asked: readonly (readonly [boolean, string])[] = [
    [volumeDevices.length > 0, "volumeDevices"],
    [restartPolicyRules.length > 0, "restartPolicyRules"],
    [lifecycle?.stopSignal !== undefined, "lifecycle.stopSignal"],
    [securityContext?.procMount === "Unmasked", "securityContext.procMount: Unmasked"],
    [env.some((v) => v.valueFrom?.fileKeyRef !== undefined), "env.valueFrom.fileKeyRef"],
    [volumeMounts.some((m) => m.recursiveReadOnly === "Enabled"), "volumeMounts.recursiveReadOnly: Enabled"],
  ];
  return asked.flatMap(([is, what]) => (is ? [`${what} of container ${container.name}`] : []));
}

/** The texts of `dnsConfig`: words of lines in the pod's `resolv.conf`. */
function resolverTexts({ spec }: Pod): readonly string[] {
  const { nameservers = [], searches = [], options = [] } = spec.dnsConfig ?? {};
  return [...nameservers, ...searches, ...options.flatMap(({ name = "", value = "" }) => [name, value])];
}

/** The texts of `hostAliases`: words of lines in the pod's `/etc/hosts`. */
function hostsTexts({ spec }: Pod): readonly string[] {
  return (spec.hostAliases ?? []).flatMap(({ ip, hostnames = [] }) => [ip, ...hostnames]);
}
