import type { Container } from "@fairlead/api/core/v1/pod/container";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { SeccompProfile } from "@fairlead/api/core/v1/pod/security-context";
import { type Int64, nearestInteger } from "@fairlead/api/int64";
import type { ImageUser } from "../pod-runtime.ts";
import { procPaths } from "./proc-paths.ts";

/** Returns CRI's `NamespaceOption` of a pod: the namespaces of the node that it uses, and those that its containers share. */
export function namespaceOptions(pod: Pod) {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace } = pod.spec;
  const pidMode = shareProcessNamespace === true ? "POD" : "CONTAINER";
  return {
    network: hostNetwork === true ? "NODE" : "POD",
    pid: hostPID === true ? "NODE" : pidMode,
    ipc: hostIPC === true ? "NODE" : "POD",
  };
}

/** Returns CRI's `LinuxSandboxSecurityContext`. A sandbox is privileged when one of its containers is. */
export function sandboxSecurityContext(pod: Pod) {
  const { runAsUser, runAsGroup, seLinuxOptions } = pod.spec.securityContext;
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  return {
    namespaceOptions: namespaceOptions(pod),
    ...selinuxOf(seLinuxOptions),
    ...(runAsUser !== undefined && { runAsUser: { value: nearestInteger(runAsUser) } }),
    // A group without a user is an error in CRI.
    ...(runAsUser !== undefined && runAsGroup !== undefined && { runAsGroup: { value: nearestInteger(runAsGroup) } }),
    supplementalGroups: supplementalGroups(pod),
    privileged: containers.some((c) => c.securityContext?.privileged === true),
    seccomp: { profileType: "RuntimeDefault" },
  };
}

/** The machine's and the image's part of a container's security context. */
export interface ContainerSurroundings {
  /** Folder of `Localhost` seccomp profiles. */
  readonly seccompFolder: string;
  readonly thermalThrottlePaths: readonly string[];
  /** Runs the container's processes when neither the container nor the pod names a user. */
  readonly imageUser: ImageUser;
  /** The container whose process namespace an ephemeral container joins. */
  readonly targetId?: string | undefined;
}

/**
 * Returns CRI's `LinuxContainerSecurityContext`: the container's own settings over the pod's. The same for init
 * containers, sidecars and ephemeral containers.
 */
export function containerSecurityContext(
  pod: Pod,
  container: Pick<Container, "securityContext">,
  { seccompFolder, thermalThrottlePaths, imageUser, targetId }: ContainerSurroundings,
) {
  const own = container.securityContext ?? {};
  const shared = pod.spec.securityContext;
  const runAsGroup = own.runAsGroup ?? shared.runAsGroup;
  const namespaces = namespaceOptions(pod);
  const joinsTarget = targetId !== undefined && namespaces.pid === "CONTAINER";
  return {
    capabilities: {
      addCapabilities: own.capabilities?.add ?? [],
      dropCapabilities: own.capabilities?.drop ?? [],
    },
    privileged: own.privileged === true,
    namespaceOptions: joinsTarget ? { ...namespaces, pid: "TARGET", targetId } : namespaces,
    ...selinuxOf(own.seLinuxOptions ?? shared.seLinuxOptions),
    ...userOf(own.runAsUser ?? shared.runAsUser ?? imageUser.uid, imageUser),
    ...(runAsGroup !== undefined && { runAsGroup: { value: nearestInteger(runAsGroup) } }),
    readonlyRootfs: own.readOnlyRootFilesystem === true,
    supplementalGroups: supplementalGroups(pod),
    noNewPrivs: own.allowPrivilegeEscalation === false,
    ...procPaths(own.procMount, thermalThrottlePaths),
    seccomp: seccompOf(own.seccompProfile ?? shared.seccompProfile, seccompFolder),
  };
}

/** CRI refuses a group without a user: the image's user is named, too. */
function userOf(uid: Int64 | undefined, { username }: ImageUser) {
  return uid === undefined ? { runAsUsername: username } : { runAsUser: { value: nearestInteger(uid) } };
}

function supplementalGroups(pod: Pod): readonly number[] {
  const { supplementalGroups: groups = [], fsGroup } = pod.spec.securityContext;
  return (fsGroup === undefined ? groups : [fsGroup, ...groups]).map(nearestInteger);
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
