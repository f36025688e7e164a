import type { FieldError } from "../../../../field-error.ts";
import { duplicate, forbidden, invalidFor, notFound, notSupported, required } from "../../../../field-error.ts";
import { dnsLabelProblems } from "../../../../names.ts";
import type { Container, EphemeralContainer } from "../container.ts";
import type { PodSpec } from "../pod-schema.ts";
import { validateContainerPorts, validateHostPorts } from "./validate-container-ports.ts";
import { validateEnv, validateEnvFrom } from "./validate-env.ts";
import { validateLifecycle, validateProbe } from "./validate-probe.ts";
import { validateResizePolicy } from "./validate-resize-policy.ts";
import { validateResources } from "./validate-resources.ts";
import { validateSecurityContext } from "./validate-security-context.ts";
import { validateVolumeDevices, validateVolumeMounts } from "./validate-volume-mounts.ts";

const MESSAGE_POLICIES = ["File", "FallbackToLogsOnError"];
const PULL_POLICIES = ["Always", "IfNotPresent", "Never"];

/** What is wrong with the containers that do the Pod's work. */
export function validateContainers(spec: PodSpec, path: string): FieldError[] {
  const { containers } = spec;
  if (containers.length === 0) return [required(path)];
  const names = new Set<string>();
  return [
    ...containers.flatMap((container, index) => {
      const at = `${path}[${index}]`;
      return [
        ...validateCommon(container, spec, at),
        ...validateUnique(container.name, names, at),
        ...validateRunning(container, spec, at),
        ...(container.restartPolicy === undefined || container.restartPolicyRules !== undefined
          ? []
          : [forbidden(`${at}.restartPolicy`, "may not be set for non-init containers")]),
      ];
    }),
    ...validateHostPorts(containers, path),
  ];
}

/** What is wrong with the containers that run before. */
export function validateInitContainers(spec: PodSpec, path: string): FieldError[] {
  const { containers, initContainers = [] } = spec;
  const names = new Set(containers.map(({ name }) => name));
  return initContainers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const { restartPolicy } = container;
    return [
      ...validateCommon(container, spec, at),
      ...(restartPolicy === undefined || restartPolicy === "Always"
        ? []
        : [notSupported(`${at}.restartPolicy`, restartPolicy, ["Always"])]),
      ...validateUnique(container.name, names, at),
      ...validateHostPorts([container], path),
      ...(restartPolicy === "Always" ? validateRunning(container, spec, at) : validateNotRunning(container, at)),
    ];
  });
}

/** What is wrong with the containers that were added to look at a running Pod. */
export function validateEphemeralContainers(spec: PodSpec, path: string): FieldError[] {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec;
  const others = new Set([...containers, ...initContainers].map(({ name }) => name));
  const names = new Set(others);
  return ephemeralContainers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    const target = container.targetContainerName ?? "";
    return [
      ...validateCommon(container, spec, at),
      ...validateUnique(container.name ?? "", names, at),
      ...(target === "" || others.has(target) ? [] : [notFound(`${at}.targetContainerName`, target)]),
      ...validateOnlyForLooking(container, at),
    ];
  });
}

/** Container names are unique in the whole Pod. Remembers the name. */
function validateUnique(name: string, names: Set<string>, path: string): FieldError[] {
  const isTaken = names.has(name);
  if (name !== "") names.add(name);
  return isTaken ? [duplicate(`${path}.name`, name)] : [];
}

function validateCommon(
  container: Container | EphemeralContainer,
  spec: Pick<PodSpec, "volumes" | "hostUsers" | "restartPolicy">,
  path: string,
): FieldError[] {
  const { volumes = [] } = spec;
  const { name = "", image = "", terminationMessagePolicy = "", imagePullPolicy = "" } = container;
  return [
    ...(name === "" ? [required(`${path}.name`)] : invalidFor(`${path}.name`, name, dnsLabelProblems(name))),
    ...(image === "" ? [required(`${path}.image`)] : []),
    ...requiredOneOf(terminationMessagePolicy, MESSAGE_POLICIES, `${path}.terminationMessagePolicy`),
    ...validateContainerPorts(container.ports ?? [], `${path}.ports`),
    ...validateEnv(container.env ?? [], `${path}.env`),
    ...validateEnvFrom(container.envFrom ?? [], `${path}.envFrom`),
    ...validateVolumeMounts(container, volumes, `${path}.volumeMounts`),
    ...validateVolumeDevices(container, volumes, `${path}.volumeDevices`),
    ...requiredOneOf(imagePullPolicy, PULL_POLICIES, `${path}.imagePullPolicy`),
    ...validateResources(container.resources ?? {}, `${path}.resources`),
    ...validateResizePolicy(container.resizePolicy ?? [], spec.restartPolicy, `${path}.resizePolicy`),
    ...validateSecurityContext(container.securityContext, `${path}.securityContext`, spec),
  ];
}

function requiredOneOf(value: string, supported: readonly string[], path: string): FieldError[] {
  if (value === "") return [required(path)];
  return supported.includes(value) ? [] : [notSupported(path, value, supported)];
}

/** What only containers have that stay. */
function validateRunning(container: Container, spec: PodSpec, path: string): FieldError[] {
  return [
    ...validateLifecycle(container.lifecycle, spec.terminationGracePeriodSeconds, `${path}.lifecycle`),
    ...validateProbe("liveness", container.livenessProbe, `${path}.livenessProbe`),
    ...validateProbe("readiness", container.readinessProbe, `${path}.readinessProbe`),
    ...validateProbe("startup", container.startupProbe, `${path}.startupProbe`),
  ];
}

function validateNotRunning(container: Container, path: string): FieldError[] {
  return (["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] as const).flatMap((name) =>
    container[name] === undefined
      ? []
      : [forbidden(`${path}.${name}`, "may not be set for init containers without restartPolicy=Always")],
  );
}

const NOT_FOR_LOOKING = [
  "ports",
  "resources",
  "resizePolicy",
  "restartPolicy",
  "livenessProbe",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
] as const;

function validateOnlyForLooking(container: EphemeralContainer, path: string): FieldError[] {
  const detail = "cannot be set for an Ephemeral Container";
  const isSet = (value: unknown) =>
    value !== undefined && JSON.stringify(value) !== "{}" && JSON.stringify(value) !== "[]";
  return [
    ...NOT_FOR_LOOKING.flatMap((name) => (isSet(container[name]) ? [forbidden(`${path}.${name}`, detail)] : [])),
    ...(container.volumeMounts ?? []).flatMap((mount, i) =>
      (["subPath", "subPathExpr"] as const).flatMap((name) =>
        (mount[name] ?? "") === "" ? [] : [forbidden(`${path}.volumeMounts[${i}].${name}`, detail)],
      ),
    ),
  ];
}
