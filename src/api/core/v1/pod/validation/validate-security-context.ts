import type { FieldError } from "../../../../field-error.ts";
import { duplicate, invalid, invalidFor, notSupported, required, tooLong } from "../../../../field-error.ts";
import type { Int64 } from "../../../../int64.ts";
import { rangeProblems } from "../../../../names.ts";
import type { PodSpec } from "../pod-schema.ts";
import type { AppArmorProfile, SeccompProfile, SecurityContext, Sysctl } from "../security-context.ts";
import { sysctlNamespace } from "../sysctl-namespace.ts";
import { validateRelativePath } from "./validate-paths.ts";

const ID_MAX = 2 ** 31 - 1;
const SYSCTL_SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const SYSCTL_NAME = `(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}`;
const SYSCTL_MAX = 253;
const PROFILE_TYPES = ["Localhost", "RuntimeDefault", "Unconfined"];
const GROUP_CHANGE_POLICIES = ["Always", "OnRootMismatch"];
const GROUPS_POLICIES = ["Merge", "Strict"];
const PROC_MOUNTS = ["Default", "Unmasked"];
const SELINUX_CHANGE_POLICIES = ["MountOption", "Recursive"];
/** Linux's `PATH_MAX` without its closing zero. */
const APPARMOR_PROFILE_MAX_BYTES = 4_095;

/** Returns the errors in the security settings of a Pod as a whole. */
export function validatePodSecurityContext(spec: PodSpec, path: string): FieldError[] {
  const context = spec.securityContext;
  const { fsGroup, supplementalGroups = [] } = context;
  return [
    ...validateId(fsGroup, `${path}.fsGroup`),
    ...validateId(context.runAsUser, `${path}.runAsUser`),
    ...validateId(context.runAsGroup, `${path}.runAsGroup`),
    ...supplementalGroups.flatMap((group, i) => validateId(group, `${path}.supplementalGroups[${i}]`)),
    ...(spec.hostPID === true && spec.shareProcessNamespace === true
      ? [invalid(`${path}.shareProcessNamespace`, true, "ShareProcessNamespace and HostPID cannot both be enabled")]
      : []),
    ...validateSysctls(spec, `${path}.sysctls`),
    ...validateChoice(context.fsGroupChangePolicy, GROUP_CHANGE_POLICIES, `${path}.fsGroupChangePolicy`),
    ...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`),
    ...validateChoice(context.supplementalGroupsPolicy, GROUPS_POLICIES, `${path}.supplementalGroupsPolicy`),
    ...validateChoice(context.seLinuxChangePolicy, SELINUX_CHANGE_POLICIES, `${path}.seLinuxChangePolicy`),
  ];
}

/**
 * Returns the errors in the security settings of one container.
 *
 * @param hostUsers - The Pod's. Absent: true, the Pod uses the machine's user namespace.
 */
export function validateSecurityContext(
  context: SecurityContext | undefined,
  path: string,
  { hostUsers }: Pick<PodSpec, "hostUsers">,
): FieldError[] {
  if (context === undefined) return [];
  const { procMount } = context;
  return [
    ...validateId(context.runAsUser, `${path}.runAsUser`),
    ...validateId(context.runAsGroup, `${path}.runAsGroup`),
    ...validateChoice(procMount, PROC_MOUNTS, `${path}.procMount`),
    // In the machine's user namespace, root of an unmasked container could change the machine's kernel.
    ...(procMount === "Unmasked" && hostUsers !== false
      ? [invalid(`${path}.procMount`, procMount, "`hostUsers` must be false to use `Unmasked`")]
      : []),
    ...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...validateEscalation(context, path),
    ...validateAppArmor(context.appArmorProfile, `${path}.appArmorProfile`),
  ];
}

function validateEscalation(context: SecurityContext, path: string): FieldError[] {
  if (context.allowPrivilegeEscalation !== false) return [];
  const refuse = (why: string) => invalid(path, context, `cannot set \`allowPrivilegeEscalation\` to false and ${why}`);
  return [
    ...(context.privileged === true ? [refuse("`privileged` to true")] : []),
    ...((context.capabilities?.add ?? []).includes("CAP_SYS_ADMIN")
      ? [refuse("`capabilities.Add` CAP_SYS_ADMIN")]
      : []),
  ];
}

function validateId(id: Int64 | undefined, path: string): FieldError[] {
  return id === undefined ? [] : invalidFor(path, id, rangeProblems(id, 0, ID_MAX));
}

function validateChoice(value: string | undefined, supported: readonly string[], path: string): FieldError[] {
  return value === undefined || supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

function validateSysctls(spec: PodSpec, path: string): FieldError[] {
  const isName = (name: string) => name.length <= SYSCTL_MAX && new RegExp(`^${SYSCTL_NAME}$`).test(name);
  const { sysctls = [] } = spec.securityContext;
  const seen = new Set<string>();
  return sysctls.flatMap(({ name }, i) => {
    const at = `${path}[${i}].name`;
    const isRepeated = seen.has(name);
    seen.add(name);
    if (name === "") return [required(at)];
    if (!isName(name)) {
      return [invalid(at, name, `must have at most ${SYSCTL_MAX} characters and match regex ^${SYSCTL_NAME}$`)];
    }
    return [...(isRepeated ? [duplicate(at, name)] : []), ...validateSysctlOfHost({ name }, spec, at)];
  });
}

/** A setting of a namespace that the Pod shares with the machine would be the machine's. */
function validateSysctlOfHost({ name }: Pick<Sysctl, "name">, spec: PodSpec, path: string): FieldError[] {
  const namespace = sysctlNamespace(name);
  return [
    ...(namespace === "Net" && spec.hostNetwork === true
      ? [invalid(path, name, "may not be specified when 'hostNetwork' is true")]
      : []),
    ...(namespace === "IPC" && spec.hostIPC === true
      ? [invalid(path, name, "may not be specified when 'hostIPC' is true")]
      : []),
  ];
}

function validateSeccomp(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile } = profile;
  const at = `${path}.localhostProfile`;
  if (type === "Localhost") {
    if (localhostProfile === undefined) return [required(at, "must be set when seccomp type is Localhost")];
    return validateRelativePath(localhostProfile, at);
  }
  return [
    ...(type === ""
      ? [required(`${path}.type`, "type is required when seccompProfile is set")]
      : validateChoice(type, PROFILE_TYPES, `${path}.type`)),
    ...(localhostProfile === undefined ? [] : [invalid(at, profile, "can only be set when seccomp type is Localhost")]),
  ];
}

function validateAppArmor(profile: AppArmorProfile | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile } = profile;
  const at = `${path}.localhostProfile`;
  if (type === "") return [required(`${path}.type`, "type is required when appArmorProfile is set")];
  if (!PROFILE_TYPES.includes(type)) return validateChoice(type, PROFILE_TYPES, `${path}.type`);
  if (type !== "Localhost") {
    return localhostProfile === undefined
      ? []
      : [invalid(at, localhostProfile, "can only be set when AppArmor type is Localhost")];
  }
  if (localhostProfile === undefined || localhostProfile === "") {
    return [required(at, "must be set when AppArmor type is Localhost")];
  }
  return [
    ...(localhostProfile === localhostProfile.trim()
      ? []
      : [invalid(at, localhostProfile, "must not be padded with whitespace")]),
    ...(new TextEncoder().encode(localhostProfile).length > APPARMOR_PROFILE_MAX_BYTES
      ? [tooLong(at, APPARMOR_PROFILE_MAX_BYTES)]
      : []),
  ];
}
