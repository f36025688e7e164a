import type { FieldError } from "../../../../field-error.ts";
import { invalid, invalidFor, notSupported, required } from "../../../../field-error.ts";
import { rangeProblems } from "../../../../names.ts";
import type { PodSecurityContext, SeccompProfile, SecurityContext, Sysctl } from "../security-context.ts";

const ID_MAX = 2 ** 31 - 1;
const SYSCTL_SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const SYSCTL_NAME = `(${SYSCTL_SEGMENT}[\\./])*${SYSCTL_SEGMENT}`;
const SYSCTL_MAX = 253;
const PROFILE_TYPES = ["Localhost", "RuntimeDefault", "Unconfined"];
const GROUP_CHANGE_POLICIES = ["Always", "OnRootMismatch"];
const GROUPS_POLICIES = ["Merge", "Strict"];
const PROC_MOUNTS = ["Default", "Unmasked"];

/** What is wrong with the settings that hold for all containers. */
export function validatePodSecurityContext(context: PodSecurityContext, path: string): FieldError[] {
  const { fsGroup, supplementalGroups = [], sysctls = [] } = context;
  return [
    ...validateId(fsGroup, `${path}.fsGroup`),
    ...validateId(context.runAsUser, `${path}.runAsUser`),
    ...validateId(context.runAsGroup, `${path}.runAsGroup`),
    ...supplementalGroups.flatMap((group, i) => validateId(group, `${path}.supplementalGroups[${i}]`)),
    ...validateSysctls(sysctls, `${path}.sysctls`),
    ...validateChoice(context.fsGroupChangePolicy, GROUP_CHANGE_POLICIES, `${path}.fsGroupChangePolicy`),
    ...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...validateChoice(context.supplementalGroupsPolicy, GROUPS_POLICIES, `${path}.supplementalGroupsPolicy`),
  ];
}

/** What is wrong with the settings of one container. */
export function validateSecurityContext(context: SecurityContext | undefined, path: string): FieldError[] {
  if (context === undefined) return [];
  return [
    ...validateId(context.runAsUser, `${path}.runAsUser`),
    ...validateId(context.runAsGroup, `${path}.runAsGroup`),
    ...validateChoice(context.procMount, PROC_MOUNTS, `${path}.procMount`),
    ...validateSeccomp(context.seccompProfile, `${path}.seccompProfile`),
    ...validateEscalation(context, path),
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

function validateId(id: number | undefined, path: string): FieldError[] {
  return id === undefined ? [] : invalidFor(path, id, rangeProblems(id, 0, ID_MAX));
}

function validateChoice(value: string | undefined, supported: readonly string[], path: string): FieldError[] {
  return value === undefined || supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

function validateSysctls(sysctls: readonly Sysctl[], path: string): FieldError[] {
  const isName = (name: string) => name.length <= SYSCTL_MAX && new RegExp(`^${SYSCTL_NAME}$`).test(name);
  return sysctls.flatMap(({ name }, i) => {
    const at = `${path}[${i}].name`;
    if (name === "") return [required(at)];
    if (isName(name)) return [];
    return [invalid(at, name, `must have at most ${SYSCTL_MAX} characters and match regex ${SYSCTL_NAME}`)];
  });
}

function validateSeccomp(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (profile === undefined) return [];
  const { type, localhostProfile = "" } = profile;
  if (type === "") return [required(`${path}.type`, "type is required when seccompProfile is set")];
  if (type === "Localhost") {
    return localhostProfile === ""
      ? [required(`${path}.localhostProfile`, "must be set when seccomp type is Localhost")]
      : [];
  }
  return [
    ...validateChoice(type, PROFILE_TYPES, `${path}.type`),
    ...(profile.localhostProfile === undefined
      ? []
      : [invalid(`${path}.localhostProfile`, localhostProfile, "can only be set when seccomp type is Localhost")]),
  ];
}
