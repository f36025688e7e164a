import type { Container, ContainerPort, EphemeralContainer, ResourceRequirements } from "./container.ts";
import { defaultPullPolicy } from "./image-tag.ts";
import type { Pod, PodSpec } from "./pod.ts";
import type { Probe } from "./probe.ts";
import type { Volume } from "./volume.ts";

/** Fills in what a Pod leaves open and what depends on its other fields. */
export function withPodDefaults(pod: Pod): Pod {
  return { ...pod, spec: withSpecDefaults(pod.spec) };
}

function withSpecDefaults(spec: PodSpec): PodSpec {
  const isOnHostNetwork = spec.hostNetwork === true;
  const ownContainer = (container: Container) => withContainerDefaults(container, isOnHostNetwork);
  const { initContainers, ephemeralContainers, volumes, resources } = spec;
  return {
    ...spec,
    ...serviceAccountNames(spec),
    containers: spec.containers.map(ownContainer),
    ...(initContainers !== undefined && { initContainers: initContainers.map(ownContainer) }),
    ...(ephemeralContainers !== undefined && { ephemeralContainers: ephemeralContainers.map(withEphemeralDefaults) }),
    ...(volumes !== undefined && { volumes: volumes.map(withVolumeDefaults) }),
    ...(resources !== undefined && { resources: withRequests(resources) }),
  };
}

/** `serviceAccount` is the old name of `serviceAccountName`. */
function serviceAccountNames({ serviceAccountName = "", serviceAccount = "" }: PodSpec): Partial<PodSpec> {
  const name = serviceAccountName === "" ? serviceAccount : serviceAccountName;
  return name === "" ? {} : { serviceAccountName: name, serviceAccount: name };
}

function withContainerDefaults(container: Container, isOnHostNetwork: boolean): Container {
  const { ports, livenessProbe, readinessProbe, startupProbe } = container;
  // What was decoded may lack an image; whether that is allowed is for validation to say.
  const image = container.image ?? "";
  return {
    ...container,
    image,
    resources: withRequests(container.resources),
    imagePullPolicy: container.imagePullPolicy ?? defaultPullPolicy(image),
    ...(ports !== undefined && isOnHostNetwork && { ports: ports.map(withHostPort) }),
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
