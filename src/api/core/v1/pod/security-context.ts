import type { Infer } from "../../../schema.ts";
import { field, list, struct, t } from "../../../schema.ts";

export const appArmorProfileSchema = struct("io.k8s.api.core.v1.AppArmorProfile", "", {
  type: field(1, t.string, "", { required: true }),
  localhostProfile: field(2, t.string, "", { keepEmpty: true }),
});
export type AppArmorProfile = Infer<typeof appArmorProfileSchema>;

export const capabilitiesSchema = struct("io.k8s.api.core.v1.Capabilities", "", {
  add: field(1, list(t.string), ""),
  drop: field(2, list(t.string), ""),
});
export type Capabilities = Infer<typeof capabilitiesSchema>;

export const seLinuxOptionsSchema = struct("io.k8s.api.core.v1.SELinuxOptions", "", {
  user: field(1, t.string, ""),
  role: field(2, t.string, ""),
  type: field(3, t.string, ""),
  level: field(4, t.string, ""),
});
export type SELinuxOptions = Infer<typeof seLinuxOptionsSchema>;

export const seccompProfileSchema = struct("io.k8s.api.core.v1.SeccompProfile", "", {
  type: field(1, t.string, "", { required: true }),
  localhostProfile: field(2, t.string, "", { keepEmpty: true }),
});
export type SeccompProfile = Infer<typeof seccompProfileSchema>;

export const windowsSecurityContextOptionsSchema = struct("io.k8s.api.core.v1.WindowsSecurityContextOptions", "", {
  gmsaCredentialSpecName: field(1, t.string, "", { keepEmpty: true }),
  gmsaCredentialSpec: field(2, t.string, "", { keepEmpty: true }),
  runAsUserName: field(3, t.string, "", { keepEmpty: true }),
  hostProcess: field(4, t.bool, "", { keepEmpty: true }),
});
export type WindowsSecurityContextOptions = Infer<typeof windowsSecurityContextOptionsSchema>;

export const securityContextSchema = struct("io.k8s.api.core.v1.SecurityContext", "", {
  capabilities: field(1, capabilitiesSchema, ""),
  privileged: field(2, t.bool, "", { keepEmpty: true }),
  seLinuxOptions: field(3, seLinuxOptionsSchema, ""),
  windowsOptions: field(10, windowsSecurityContextOptionsSchema, ""),
  runAsUser: field(4, t.int64, "", { keepEmpty: true }),
  runAsGroup: field(8, t.int64, "", { keepEmpty: true }),
  runAsNonRoot: field(5, t.bool, "", { keepEmpty: true }),
  readOnlyRootFilesystem: field(6, t.bool, "", { keepEmpty: true }),
  allowPrivilegeEscalation: field(7, t.bool, "", { keepEmpty: true }),
  procMount: field(9, t.string, "", { keepEmpty: true }),
  seccompProfile: field(11, seccompProfileSchema, ""),
  appArmorProfile: field(12, appArmorProfileSchema, ""),
});
export type SecurityContext = Infer<typeof securityContextSchema>;

export const sysctlSchema = struct("io.k8s.api.core.v1.Sysctl", "", {
  name: field(1, t.string, "", { required: true }),
  value: field(2, t.string, "", { required: true }),
});
export type Sysctl = Infer<typeof sysctlSchema>;

export const podSecurityContextSchema = struct("io.k8s.api.core.v1.PodSecurityContext", "", {
  seLinuxOptions: field(1, seLinuxOptionsSchema, ""),
  windowsOptions: field(8, windowsSecurityContextOptionsSchema, ""),
  runAsUser: field(2, t.int64, "", { keepEmpty: true }),
  runAsGroup: field(6, t.int64, "", { keepEmpty: true }),
  runAsNonRoot: field(3, t.bool, "", { keepEmpty: true }),
  supplementalGroups: field(4, list(t.int64), ""),
  supplementalGroupsPolicy: field(12, t.string, "", { keepEmpty: true }),
  fsGroup: field(5, t.int64, "", { keepEmpty: true }),
  sysctls: field(7, list(sysctlSchema), ""),
  fsGroupChangePolicy: field(9, t.string, "", { keepEmpty: true }),
  seccompProfile: field(10, seccompProfileSchema, ""),
  appArmorProfile: field(11, appArmorProfileSchema, ""),
  seLinuxChangePolicy: field(13, t.string, "", { keepEmpty: true }),
});
export type PodSecurityContext = Infer<typeof podSecurityContextSchema>;
