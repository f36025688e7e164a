import type { Infer } from "../../../schema.ts";
import { field, list, struct, t } from "../../../schema.ts";

export const appArmorProfileSchema = struct("io.k8s.api.core.v1.AppArmorProfile", "An AppArmor profile.", {
  type: field(1, t.string, "RuntimeDefault, Localhost or Unconfined.", { required: true }),
  localhostProfile: field(2, t.string, "Name of the profile on the node, for Localhost.", { keepEmpty: true }),
});
export type AppArmorProfile = Infer<typeof appArmorProfileSchema>;

export const capabilitiesSchema = struct("io.k8s.api.core.v1.Capabilities", "Linux capabilities.", {
  add: field(1, list(t.string), "Those to have as well."),
  drop: field(2, list(t.string), "Those not to have."),
});
export type Capabilities = Infer<typeof capabilitiesSchema>;

export const seLinuxOptionsSchema = struct("io.k8s.api.core.v1.SELinuxOptions", "An SELinux context.", {
  user: field(1, t.string, "User part."),
  role: field(2, t.string, "Role part."),
  type: field(3, t.string, "Type part."),
  level: field(4, t.string, "Level part."),
});
export type SELinuxOptions = Infer<typeof seLinuxOptionsSchema>;

export const seccompProfileSchema = struct("io.k8s.api.core.v1.SeccompProfile", "A filter of system calls.", {
  type: field(1, t.string, "RuntimeDefault, Localhost or Unconfined.", { required: true }),
  localhostProfile: field(2, t.string, "File on the node, for Localhost.", { keepEmpty: true }),
});
export type SeccompProfile = Infer<typeof seccompProfileSchema>;

export const windowsSecurityContextOptionsSchema = struct(
  "io.k8s.api.core.v1.WindowsSecurityContextOptions",
  "Settings for Windows.",
  {
    gmsaCredentialSpecName: field(1, t.string, "Name of a credential spec.", { keepEmpty: true }),
    gmsaCredentialSpec: field(2, t.string, "The credential spec itself.", { keepEmpty: true }),
    runAsUserName: field(3, t.string, "User that processes run as.", { keepEmpty: true }),
    hostProcess: field(4, t.bool, "Run as a process of the host.", { keepEmpty: true }),
  },
);
export type WindowsSecurityContextOptions = Infer<typeof windowsSecurityContextOptionsSchema>;

export const securityContextSchema = struct(
  "io.k8s.api.core.v1.SecurityContext",
  "What a container may do. Wins over the pod's.",
  {
    capabilities: field(1, capabilitiesSchema, "Linux capabilities."),
    privileged: field(2, t.bool, "Give it all rights on the node.", { keepEmpty: true }),
    seLinuxOptions: field(3, seLinuxOptionsSchema, "SELinux context of the processes."),
    windowsOptions: field(10, windowsSecurityContextOptionsSchema, "Settings for Windows only."),
    runAsUser: field(4, t.int64, "User id that processes run as.", { keepEmpty: true }),
    runAsGroup: field(8, t.int64, "Group id that processes run as.", { keepEmpty: true }),
    runAsNonRoot: field(5, t.bool, "Refuse to start a process as user 0.", { keepEmpty: true }),
    readOnlyRootFilesystem: field(6, t.bool, "Mount its image read-only.", { keepEmpty: true }),
    allowPrivilegeEscalation: field(7, t.bool, "Whether a process may gain more rights than its parent.", {
      keepEmpty: true,
    }),
    procMount: field(9, t.string, "How much of /proc is seen: Default or Unmasked.", { keepEmpty: true }),
    seccompProfile: field(11, seccompProfileSchema, "Filter of system calls."),
    appArmorProfile: field(12, appArmorProfileSchema, "AppArmor profile of the processes."),
  },
);
export type SecurityContext = Infer<typeof securityContextSchema>;

export const sysctlSchema = struct("io.k8s.api.core.v1.Sysctl", "A kernel setting of the pod.", {
  name: field(1, t.string, "Name of the setting.", { required: true }),
  value: field(2, t.string, "Value of the setting.", { required: true }),
});
export type Sysctl = Infer<typeof sysctlSchema>;

export const podSecurityContextSchema = struct(
  "io.k8s.api.core.v1.PodSecurityContext",
  "What all containers of a pod may do.",
  {
    seLinuxOptions: field(1, seLinuxOptionsSchema, "SELinux context of the processes."),
    windowsOptions: field(8, windowsSecurityContextOptionsSchema, "Settings for Windows only."),
    runAsUser: field(2, t.int64, "User id that processes run as.", { keepEmpty: true }),
    runAsGroup: field(6, t.int64, "Group id that processes run as.", { keepEmpty: true }),
    runAsNonRoot: field(3, t.bool, "Refuse to start a process as user 0.", { keepEmpty: true }),
    supplementalGroups: field(4, list(t.int64), "Further groups of the first process."),
    supplementalGroupsPolicy: field(12, t.string, "Whether groups of the image count too: Merge or Strict.", {
      keepEmpty: true,
    }),
    fsGroup: field(5, t.int64, "Group that owns the volumes.", { keepEmpty: true }),
    sysctls: field(7, list(sysctlSchema), "Kernel settings of the pod."),
    fsGroupChangePolicy: field(9, t.string, "When volumes are given to fsGroup: OnRootMismatch or Always.", {
      keepEmpty: true,
    }),
    seccompProfile: field(10, seccompProfileSchema, "Filter of system calls."),
    appArmorProfile: field(11, appArmorProfileSchema, "AppArmor profile of the processes."),
    seLinuxChangePolicy: field(13, t.string, "How volumes get their SELinux label: MountOption or Recursive.", {
      keepEmpty: true,
    }),
  },
);
export type PodSecurityContext = Infer<typeof podSecurityContextSchema>;
