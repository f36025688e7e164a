import type { Pod } from "../../api/core/v1/pod/pod.ts";
import type { WaitingReason } from "../status/container-status.ts";
import { allContainers } from "../sync/pod-state.ts";

/** Sysctls of a network namespace that no neighbour notices; upstream's list. */
const SAFE_SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
];

/** Why this node will not run the pod at all; undefined when it will. What is not supported is refused by name. */
export function refusal(pod: Pod): WaitingReason | undefined {
  const sysctl = (pod.spec.securityContext.sysctls ?? []).find(
    ({ name }) => !SAFE_SYSCTLS.includes(name.replaceAll("/", ".")),
  );
  if (sysctl !== undefined) {
    return { reason: "SysctlForbidden", message: `forbidden sysctl: "${sysctl.name}" not allowlisted` };
  }
  const [what] = [...podFeatures(pod), ...containerFeatures(pod)];
  return what === undefined
    ? undefined
    : { reason: "Unsupported", message: `${what} is not supported by this kubelet` };
}

function podFeatures({ spec }: Pod): readonly string[] {
  const asked: readonly (readonly [boolean, string])[] = [
    [spec.os?.name === "windows", "spec.os.name windows"],
    [(spec.runtimeClassName ?? "") !== "", "spec.runtimeClassName"],
    [spec.hostUsers === false, "spec.hostUsers: false"],
    [(spec.resourceClaims ?? []).length > 0, "spec.resourceClaims"],
    [
      spec.securityContext.supplementalGroupsPolicy === "Strict",
      "spec.securityContext.supplementalGroupsPolicy: Strict",
    ],
    [
      spec.securityContext.appArmorProfile?.type === "Localhost",
      "spec.securityContext.appArmorProfile of type Localhost",
    ],
  ];
  return asked.flatMap(([is, what]) => (is ? [what] : []));
}

function containerFeatures(pod: Pod): readonly string[] {
  return allContainers(pod).flatMap(({ container }) => {
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
      [securityContext?.appArmorProfile?.type === "Localhost", "securityContext.appArmorProfile of type Localhost"],
      [env.some((v) => v.valueFrom?.fileKeyRef !== undefined), "env.valueFrom.fileKeyRef"],
      [volumeMounts.some((m) => m.recursiveReadOnly === "Enabled"), "volumeMounts.recursiveReadOnly: Enabled"],
    ];
    return asked.flatMap(([is, what]) => (is ? [`${what} of container ${container.name}`] : []));
  });
}
