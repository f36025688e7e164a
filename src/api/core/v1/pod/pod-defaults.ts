import type { Container, ContainerPort, EphemeralContainer, ResourceRequirements } from "./container.ts";
import { defaultPullPolicy } from "./image-tag.ts";
import type { Pod, PodSpec } from "./pod-schema.ts";
import type { Probe } from "./probe.ts";
import type { Volume } from "./volume.ts";

/** Fills in what a Pod leaves open and what depends on its other fields. */
export function withPodDefaults(pod: Pod): Pod {
  return { ...pod, spec: withPodOnlyDefaults(withPodSpecDefaults(pod.spec)) };
}

/** What Pods and templates have in common. */
export function withPodSpecDefaults(spec: PodSpec): PodSpec {
  const { initContainers, ephemeralContainers, volumes } = spec;
  return {
    ...spec,
    ...serviceAccountNames(spec),
    containers: spec.containers.map(withContainerDefaults),
    ...(initContainers !== undefined && { initContainers: initContainers.map(withContainerDefaults) }),
    ...(ephemeralContainers !== undefined && { ephemeralContainers: ephemeralContainers.map(withEphemeralDefaults) }),
    ...(volumes !== undefined && { volumes: volumes.map(withVolumeDefaults) }),
  };
}

/** What upstream fills in only in Pods: a template that is stored must not change when a default is added. */
function withPodOnlyDefaults(spec: PodSpec): PodSpec {
  const isOnHostNetwork = spec.hostNetwork === true;
  const running = (container: Container) => withRunningDefaults(container, isOnHostNetwork);
  const { initContainers, resources } = spec;
  return {
    ...spec,
    containers: spec.containers.map(running),
    ...(initContainers !== undefined && { initContainers: initContainers.map(running) }),
    ...(resources !== undefined && { resources: withRequests(resources) }),
    enableServiceLinks: spec.enableServiceLinks ?? true,
  };
}

function withRunningDefaults(container: Container, isOnHostNetwork: boolean): Container {
  const { ports } = container;
  return {
    ...container,
    resources: withRequests(container.resources),
    ...(ports !== undefined && isOnHostNetwork && { ports: ports.map(withHostPort) }),
  };
}

/** `serviceAccount` is the old name of `serviceAccountName`. */
function serviceAccountNames({ serviceAccountName = "", serviceAccount = "" }: PodSpec): Partial<PodSpec> {
  const name = serviceAccountName === "" ? serviceAccount : serviceAccountName;
  return name === "" ? {} : { serviceAccountName: name, serviceAccount: name };
}

function withContainerDefaults(container: Container): Container {
  const { livenessProbe, readinessProbe, startupProbe } = container;
  // What was decoded may lack an image; whether that is allowed is for validation to say.
  const image = container.image ?? "";
  return {
    ...container,
    image,
    imagePullPolicy: container.imagePullPolicy ?? defaultPullPolicy(image),
    ...(livenessProbe !== undefined && { livenessProbe: withProbeDefaults(livenessProbe) }),
    ...(readinessProbe !== undefined && { readinessProbe: withProbeDefaults(readinessProbe) }),
    ...(startupProbe !== undefined && { startupProbe: withProbeDefaults(startupProbe) }),
  };
}

function withEphemeralDefaults(container: EphemeralContainer): EphemeralContainer {
  const { terminationMessagePath = "", terminationMessagePolicy = "", imagePullPolicy = "", image = "" } = container;
  return {
    ...container,
    terminationMessagePath: terminationMessagePath === "" ? "/dev/termination-log" : terminationMessagePath,
    terminationMessagePolicy: terminationMessagePolicy === "" ? "File" : terminationMessagePolicy,
    imagePullPolicy: imagePullPolicy === "" ? defaultPullPolicy(image) : imagePullPolicy,
  };
}

/** What is limited is also asked for. */
function withRequests(resources: ResourceRequirements): ResourceRequirements {
  const { limits, requests } = resources;
  return limits === undefined ? resources : { ...resources, requests: { ...limits, ...requests } };
}

function withHostPort(port: ContainerPort): ContainerPort {
  return (port.hostPort ?? 0) === 0 ? { ...port, hostPort: port.containerPort } : port;
}

/** A zero stands for the default here, not for itself. */
function withProbeDefaults(probe: Probe): Probe {
  return {
    ...probe,
    timeoutSeconds: probe.timeoutSeconds === 0 ? 1 : probe.timeoutSeconds,
    periodSeconds: probe.periodSeconds === 0 ? 10 : probe.periodSeconds,
    successThreshold: probe.successThreshold === 0 ? 1 : probe.successThreshold,
    failureThreshold: probe.failureThreshold === 0 ? 3 : probe.failureThreshold,
  };
}

/** A volume that says nothing about itself is an empty directory. */
function withVolumeDefaults(volume: Volume): Volume {
  const { name, ...sources } = volume;
  if (Object.values(sources).every((source) => source === undefined)) return { name, emptyDir: {} };
  if (volume.image === undefined || (volume.image.pullPolicy ?? "") !== "") return volume;
  return { ...volume, image: { ...volume.image, pullPolicy: defaultPullPolicy(volume.image.reference ?? "") } };
}
