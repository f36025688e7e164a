import type { Escape } from "./escape.testing.ts";
import { confined, pod, refused } from "./pods.testing.ts";
import { invalid } from "./says.testing.ts";

const context = (securityContext: object, more: object = {}) => pod({ securityContext, ...more });
const sysctl = (name: string, more: object = {}) => context({ sysctls: [{ name, value: "1" }] }, more);
const SYSCTLS = "Kubernetes: PodSecurityContext sysctls";
const PROFILES = "Kubernetes: seccomp localhostProfile";

/** Pods that lay down their confinement. What the kernel decides, lab tests try. */
export const confinementEscapes: readonly Escape[] = [
  refused(
    "a seccomp profile that leads upwards",
    PROFILES,
    context({ seccompProfile: { type: "Localhost", localhostProfile: "../../etc/passwd" } }),
    invalid(
      "Pod",
      "escape",
      "spec.securityContext.seccompProfile.localhostProfile: Invalid value: \"../../etc/passwd\": must not contain '..'",
    ),
  ),
  refused(
    "an absolute seccomp profile of a container",
    PROFILES,
    confined({ seccompProfile: { type: "Localhost", localhostProfile: "/etc/passwd" } }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: "/etc/passwd": must be a relative path',
    ),
  ),
  refused(
    "a profile beside Unconfined",
    PROFILES,
    confined({ seccompProfile: { type: "Unconfined", localhostProfile: "x" } }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext.seccompProfile.localhostProfile: Invalid value: {"type":"Unconfined","localhostProfile":"x"}: can only be set when seccomp type is Localhost',
    ),
  ),
  refused(
    "an AppArmor profile of an unknown type",
    "Kubernetes: appArmorProfile",
    confined({ appArmorProfile: { type: "None" } }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext.appArmorProfile.type: Unsupported value: "None": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ),
  ),
  refused(
    "a kernel setting with spaces",
    SYSCTLS,
    sysctl("kernel.core_pattern = |x"),
    invalid(
      "Pod",
      "escape",
      'spec.securityContext.sysctls[0].name: Invalid value: "kernel.core_pattern = |x": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
    ),
  ),
  refused(
    "a kernel setting that leads upwards",
    SYSCTLS,
    sysctl("net/../kernel/core_pattern"),
    invalid(
      "Pod",
      "escape",
      'spec.securityContext.sysctls[0].name: Invalid value: "net/../kernel/core_pattern": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
    ),
  ),
  refused(
    "a network setting of the host",
    SYSCTLS,
    sysctl("net.ipv4.ip_forward", { hostNetwork: true }),
    invalid(
      "Pod",
      "escape",
      "spec.securityContext.sysctls[0].name: Invalid value: \"net.ipv4.ip_forward\": may not be specified when 'hostNetwork' is true",
    ),
  ),
  refused(
    "a setting of the host's IPC",
    SYSCTLS,
    sysctl("kernel.shmmax", { hostIPC: true }),
    invalid(
      "Pod",
      "escape",
      "spec.securityContext.sysctls[0].name: Invalid value: \"kernel.shmmax\": may not be specified when 'hostIPC' is true",
    ),
  ),
  refused(
    "a kernel setting twice",
    SYSCTLS,
    context({
      sysctls: [
        { name: "net.a", value: "1" },
        { name: "net.a", value: "2" },
      ],
    }),
    invalid("Pod", "escape", 'spec.securityContext.sysctls[1].name: Duplicate value: "net.a"'),
  ),
  refused(
    "an unmasked /proc in the host's user namespace",
    "Kubernetes: procMount",
    confined({ procMount: "Unmasked" }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
    ),
  ),
  refused(
    "a procMount of another name",
    "Kubernetes: procMount",
    confined({ procMount: "Writable" }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext.procMount: Unsupported value: "Writable": supported values: "Default", "Unmasked"',
    ),
  ),
  refused(
    "a user namespace beside the host's network",
    "Kubernetes: hostUsers",
    pod({ hostUsers: false, hostNetwork: true }),
    invalid("Pod", "escape", "spec.hostNetwork: Forbidden: when `hostUsers` is false"),
  ),
  refused(
    "the host's processes shared among containers",
    "Kubernetes: shareProcessNamespace",
    pod({ hostPID: true, shareProcessNamespace: true }),
    invalid(
      "Pod",
      "escape",
      "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
    ),
  ),
  refused(
    "privileged without escalation",
    "Kubernetes: allowPrivilegeEscalation",
    confined({ privileged: true, allowPrivilegeEscalation: false }),
    invalid(
      "Pod",
      "escape",
      'spec.containers[0].securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    ),
  ),
  refused(
    "a user below zero",
    "Kubernetes: runAsUser",
    confined({ runAsUser: -1 }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
    ),
  ),
  refused(
    "a user beyond 31 bits",
    "Kubernetes: runAsUser",
    confined({ runAsUser: 4_294_967_296 }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].securityContext.runAsUser: Invalid value: 4294967296: must be between 0 and 2147483647, inclusive",
    ),
  ),
  refused(
    "a Localhost seccomp profile without a path",
    "CVE-2023-2431: empty localhostProfile",
    confined({ seccompProfile: { type: "Localhost" } }),
    invalid(
      "Pod",
      "escape",
      "spec.containers[0].securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
    ),
  ),
];
