import type { Container } from "../../../api/core/v1/pod/container.ts";
import type { Pod } from "../../../api/core/v1/pod/pod.ts";
import type { SeccompProfile } from "../../../api/core/v1/pod/security-context.ts";

/** CRI's `NamespaceOption` of a pod: what it shares with the node, and what its containers share. */
export function namespaceOptions(pod: Pod) {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace } = pod.spec;
  const pidMode = shareProcessNamespace === true ? "POD" : "CONTAINER";
  return {
    network: hostNetwork === true ? "NODE" : "POD",
    pid: hostPID === true ? "NODE" : pidMode,
    ipc: hostIPC === true ? "NODE" : "POD",
  };
}

/** CRI's `LinuxSandboxSecurityContext`. A sandbox is privileged when one of its containers is. */
export function sandboxSecurityContext(pod: Pod) {
  const { runAsUser, runAsGroup } = pod.spec.securityContext;
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  return {
    namespaceOptions: namespaceOptions(pod),
    ...(runAsUser !== undefined && { runAsUser: { value: runAsUser } }),
    ...(runAsUser !== undefined && runAsGroup !== undefined && { runAsGroup: { value: runAsGroup } }),
    supplementalGroups: supplementalGroups(pod),
    privileged: containers.some((c) => c.securityContext?.privileged === true),
    seccomp: { profileType: "RuntimeDefault" },
  };
}

/**
 * CRI's `LinuxContainerSecurityContext`: the container's own settings over the pod's.
 *
 * @param seccompFolder - Where profiles of type `Localhost` lie.
 * @param targetId - The container whose process namespace an ephemeral container joins.
 */
export function containerSecurityContext(
  pod: Pod,
  container: Pick<Container, "securityContext">,
  { seccompFolder, targetId }: { readonly seccompFolder: string; readonly targetId?: string | undefined },
) {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext;
  const runAsUser = own.runAsUser ?? shared.runAsUser;
  const runAsGroup = own.runAsGroup ?? shared.runAsGroup;
  const namespaces = namespaceOptions(pod);
  return {
    capabilities: {
      addCapabilities: own.capabilities?.add ?? [],
      dropCapabilities: own.capabilities?.drop ?? [],
    },
    privileged: own.privileged === true,
    namespaceOptions: targetId === undefined ? namespaces : { ...namespaces, pid: "TARGET", targetId },
    ...(selinuxOf(own.seLinuxOptions ?? shared.seLinuxOptions) ?? {}),
    ...(runAsUser !== undefined && { runAsUser: { value: runAsUser } }),
    ...(runAsGroup !== undefined && { runAsGroup: { value: runAsGroup } }),
    readonlyRootfs: own.readOnlyRootFilesystem === true,
    supplementalGroups: supplementalGroups(pod),
    noNewPrivs: own.allowPrivilegeEscalation === false,
    seccomp: seccompOf(own.seccompProfile ?? shared.seccompProfile, seccompFolder),
  };
}

function supplementalGroups(pod: Pod): readonly number[] {
  const { supplementalGroups: groups = [], fsGroup } = pod.spec.securityContext;
  return fsGroup === undefined ? groups : [...groups, fsGroup];
}

function seccompOf(profile: SeccompProfile | undefined, folder: string) {
  if (profile?.type === "RuntimeDefault") return { profileType: "RuntimeDefault" };
  if (profile?.type !== "Localhost") return { profileType: "Unconfined" };
  return { profileType: "Localhost", localhostRef: `${folder}/${profile.localhostProfile ?? ""}` };
}

function selinuxOf(options: NonNullable<Container["securityContext"]>["seLinuxOptions"]) {
  if (options === undefined) return undefined;
  const { user = "", role = "", type = "", level = "" } = options;
  return { selinuxOptions: { user, role, type, level } };
}
