import { mkdir } from "node:fs/promises";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { terminationGraceSeconds } from "@fairlead/api/core/v1/pod/termination-grace";
import { onAbort } from "@fairlead/lib/on-abort";
import { containerEnv, EnvError } from "../../env/container-env.ts";
import { expand } from "../../env/expand.ts";
import { podReference } from "../../events/references.ts";
import type { ImagePuller } from "../../images/image-puller.ts";
import { runHook } from "../../lifecycle/run-hook.ts";
import type { PodObjects } from "../../objects/pod-objects.ts";
import type { ContainerConfig, ImageInfo, SandboxConfig } from "../../runtime/pod-runtime.ts";
import type { WaitingReason } from "../../status/container-status.ts";
import { containerHash, HASH_ANNOTATION } from "../../sync/containers/container-hash.ts";
import type { NextInstance } from "../../sync/containers/next-instance.ts";
import { RESTART_DELAY_ANNOTATION } from "../../sync/containers/next-instance.ts";
import type { AnyContainer } from "../../sync/pod-state.ts";
import type { StartPull } from "../../sync/record/pod-pulls.ts";
import { RESOURCES_ANNOTATION, resourcesText } from "../../sync/resize/container-resources.ts";
import { containerMounts } from "../../volumes/container-mounts.ts";
import type { MountedVolumes } from "../../volumes/mounted-volume.ts";
import type { PodPaths } from "../../volumes/pod-paths.ts";
import { VolumeError } from "../../volumes/volume-error.ts";
import { unsupportedContainerRefusal } from "../admission/unsupported.ts";
import type { KubeletContext } from "../kubelet-context.ts";
import { nonRootRefusal } from "./check-non-root.ts";
import { seccompRefusal } from "./check-seccomp.ts";
import { containerFiles } from "./container-files.ts";

/** Everything that one start of a container needs. */
export interface ContainerStart extends NextInstance {
  readonly pod: Pod;
  readonly container: AnyContainer;
  readonly sandboxId: string;
  readonly sandbox: SandboxConfig;
  readonly podIPs: readonly string[];
  readonly paths: PodPaths;
  readonly objects: PodObjects;
  readonly volumes: MountedVolumes;
  readonly images: ImagePuller;
  readonly pull: StartPull;
  /** The pod is to end: do not wait for hooks any longer. */
  readonly signal: AbortSignal;
}

/** How a start went: `waits` is tried again after `retryInMs`, or after the usual pause, or when something changes. */
export type StartOutcome =
  | { readonly outcome: "started" }
  /** The image is being pulled: the puller's listener waits for the end. */
  | { readonly outcome: "pulling" }
  /** The pod is to end. */
  | { readonly outcome: "skipped" }
  | { readonly outcome: "waits"; readonly why: WaitingReason; readonly retryInMs: number | undefined };

/** Brings one container up: image, configuration, creation, start, postStart hook. */
export async function startContainer(start: ContainerStart, context: KubeletContext): Promise<StartOutcome> {
  const { pod, container, objects } = start;
  const names = (pod.spec.imagePullSecrets ?? []).map((s) => s.name ?? "");
  const secrets = names.flatMap((name) => objects.secrets.get(name) ?? []);
  const missing = names.filter((name) => !objects.secrets.has(name));
  if (missing.length > 0) {
    const message = `Unable to retrieve some image pull secrets (${missing.join(", ")}); attempting to pull the image may not succeed.`;
    context.events.record(podReference(pod), { type: "Warning", reason: "FailedToRetrieveImagePullSecret", message });
  }
  const answer = await start.images.ensure(pod, container, { secrets, pull: start.pull });
  if (answer.state === "pulling") return { outcome: "pulling" };
  if (answer.state === "failed") return { outcome: "waits", why: answer.why, retryInMs: answer.retryInMs };

  const waits = (reason: string, error: unknown): StartOutcome => {
    const message = error instanceof Error ? error.message : String(error);
    const about = podReference(pod, container.name);
    context.events.record(about, { type: "Warning", reason: "Failed", message: `Error: ${message}` });
    return { outcome: "waits", why: { reason, message }, retryInMs: undefined };
  };

  const config = await configured(start, answer.image, answer.imageRef, context);
  if (config instanceof Error) return waits("CreateContainerConfigError", config);

  const made = await context.starts.use("container", start.signal, () => makeContainer(start, config, context));
  if (made.failed !== undefined) return waits(made.failed, made.error);
  return postStart(start, made.containerId, context);
}

type Made =
  | { readonly failed?: never; readonly containerId: string }
  | { readonly failed: "CreateContainerError" | "RunContainerError"; readonly error: unknown };

/** Makes and starts the container. */
async function makeContainer(start: ContainerStart, config: ContainerConfig, context: KubeletContext): Promise<Made> {
  const { runtime, events } = context;
  const about = podReference(start.pod, start.container.name);
  let containerId: string;
  try {
    containerId = await runtime.createContainer(start.sandboxId, config, start.sandbox);
  } catch (error) {
    return { failed: "CreateContainerError", error };
  }
  events.record(about, { type: "Normal", reason: "Created", message: "Container created" });
  try {
    await runtime.startContainer(containerId);
  } catch (error) {
    return { failed: "RunContainerError", error };
  }
  events.record(about, { type: "Normal", reason: "Started", message: "Container started" });
  return { containerId };
}

/** The container's configuration, or what of it cannot be made now. */
async function configured(
  start: ContainerStart,
  image: ImageInfo,
  imageRef: string,
  context: KubeletContext,
): Promise<ContainerConfig | Error> {
  const { pod, container } = start;
  const refusal =
    unsupportedContainerRefusal(container) ?? nonRootRefusal(pod, container, image) ?? seccompRefusal(pod, container);
  if (refusal !== undefined) return new Error(refusal);
  try {
    const config = await containerConfig(start, imageRef, context);
    return { ...config, imageUser: { uid: image.uid, username: image.username } };
  } catch (error) {
    if (!(error instanceof EnvError || error instanceof VolumeError)) throw error;
    // Not for the pod's owner: it may say what there is on the machine.
    const fields = { pod: pod.metadata.name, container: container.name, error: error.cause };
    if (error.cause !== undefined) context.log.warn("Cannot mount a volume into a container", fields);
    return error;
  }
}

async function containerConfig(
  { pod, container, attempt, restartDelayMs, sandbox, podIPs, paths, objects, volumes }: ContainerStart,
  imageRef: string,
  context: KubeletContext,
): Promise<Omit<ContainerConfig, "imageUser">> {
  const { nodeIPs: hostIPs, clusterDomain, simulated } = context;
  const addresses = { podIPs: pod.spec.hostNetwork === true ? hostIPs : podIPs, hostIPs };
  const services = await context.services();
  const env = containerEnv(pod, container, { ...addresses, ...objects, services, allocatable: context.allocatable() });
  const values = new Map(env.map(({ name, value }) => [name, value]));
  const expanded = (texts: readonly string[] = []) => texts.map((text) => expand(text, (name) => values.get(name)));
  const files = simulated ? [] : await containerFiles(pod, container, { paths, attempt, podIPs, clusterDomain });
  const making = { paths, lookUp: (name: string) => values.get(name) };
  const mounts = simulated ? [] : await containerMounts(container, volumes, making);
  if (!simulated) await mkdir(`${sandbox.logDirectory}/${container.name}`, { recursive: true, mode: 0o755 });
  return {
    name: container.name,
    attempt,
    image: container.image,
    imageRef,
    command: expanded(container.command),
    args: expanded(container.args),
    workingDir: container.workingDir ?? "",
    env,
    mounts: [...files, ...mounts],
    logPath: `${container.name}/${attempt}.log`,
    stdin: container.stdin === true,
    stdinOnce: container.stdinOnce === true,
    tty: container.tty === true,
    annotations: {
      [HASH_ANNOTATION]: containerHash(container),
      [RESOURCES_ANNOTATION]: resourcesText(container.resources),
      "io.kubernetes.container.restartCount": String(attempt),
      "io.kubernetes.container.terminationMessagePath": container.terminationMessagePath,
      "io.kubernetes.container.terminationMessagePolicy": container.terminationMessagePolicy,
      "io.kubernetes.pod.terminationGracePeriod": String(pod.spec.terminationGracePeriodSeconds),
      ...(restartDelayMs !== undefined && { [RESTART_DELAY_ANNOTATION]: String(restartDelayMs) }),
    },
  };
}

/**
 * A container whose postStart hook fails is ended, and started again as its restart policy says. A pod that is to end begins
 * no hook and waits for none.
 */
async function postStart(start: ContainerStart, containerId: string, context: KubeletContext): Promise<StartOutcome> {
  const { pod, container, podIPs, signal } = start;
  const hook = container.lifecycle?.postStart;
  if (hook === undefined || signal.aborted) return { outcome: "started" };

  const { runtime, clock, events } = context;
  const toEnd = Promise.withResolvers<void>();
  const stopListening = onAbort(signal, toEnd.resolve);
  try {
    const podIP = podIPs[0] ?? context.nodeIPs[0] ?? "";
    await Promise.race([runHook(hook, { runtime, clock, container, containerId, podIP, signal }), toEnd.promise]);
    return { outcome: "started" };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const reference = podReference(pod, container.name);
    events.record(reference, {
      type: "Warning",
      reason: "FailedPostStartHook",
      message: `PostStartHook failed: ${text}`,
    });
    events.record(reference, { type: "Normal", reason: "Killing", message: `FailedPostStartHook` });
    await runtime.stopContainer(containerId, terminationGraceSeconds(pod.spec));
    return { outcome: "waits", why: { reason: "PostStartHookError", message: text }, retryInMs: 0 };
  } finally {
    stopListening();
  }
}
