import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import type { EnvFromSource, EnvVar } from "@fairlead/api/core/v1/pod/env";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Secret } from "@fairlead/api/core/v1/secret/secret";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { AnyContainer } from "../sync/pod-state.ts";
import { containerNamed } from "../sync/pod-state.ts";
import { expand } from "./expand.ts";
import type { PodAddresses } from "./field-value.ts";
import { fieldValue } from "./field-value.ts";
import { resourceValue } from "./resource-value.ts";
import { serviceEnv } from "./service-env.ts";

/** What a container's variables are made of besides its spec. */
export interface EnvSources extends PodAddresses {
  readonly services: readonly Service[];
  /** Of the pod's namespace, by name. */
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
  readonly secrets: ReadonlyMap<string, Secret>;
  /** The node's allocatable resources. */
  readonly allocatable: Readonly<Record<string, string>>;
}

/** One variable, ready to be given to a container. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

/** A variable cannot be made: what it comes from is missing. Shown as `CreateContainerConfigError`. */
export class EnvError extends Error {
  override readonly name = "EnvError";
}

/**
 * The container's environment: `envFrom`, over that `env` with `$(NAME)` expanded, and Services where nothing else
 * has that name. Throws {@link EnvError} when something that is not optional is missing.
 */
export function containerEnv(pod: Pod, container: AnyContainer, sources: EnvSources): readonly Variable[] {
  const namespace = pod.metadata.namespace ?? "";
  const services = serviceEnv(sources.services, { namespace, links: pod.spec.enableServiceLinks ?? true });
  const env = new Map<string, string>();
  for (const from of container.envFrom ?? []) {
    for (const [key, value] of Object.entries(valuesFrom(from, sources))) {
      env.set(`${from.prefix ?? ""}${key}`, value);
    }
  }
  const lookUp = (name: string) => env.get(name) ?? services.get(name);
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, { pod, container, sources, lookUp });
    if (value !== undefined) env.set(variable.name, value);
  }
  for (const [name, value] of services) if (!env.has(name)) env.set(name, value);
  return [...env].map(([name, value]) => ({ name, value }));
}

function valuesFrom(from: EnvFromSource, sources: EnvSources): Readonly<Record<string, string>> {
  const { configMapRef, secretRef } = from;
  if (configMapRef !== undefined) {
    const found = sources.configMaps.get(configMapRef.name ?? "");
    if (found === undefined && configMapRef.optional !== true) throw missing("configmap", configMapRef.name);
    return found?.data ?? {};
  }
  const found = sources.secrets.get(secretRef?.name ?? "");
  if (found === undefined && secretRef?.optional !== true) throw missing("secret", secretRef?.name);
  return Object.fromEntries(Object.entries(found?.data ?? {}).map(([key, value]) => [key, decoded(value)]));
}

function variableValue(
  { value, valueFrom }: EnvVar,
  {
    pod,
    container,
    sources,
    lookUp,
  }: {
    readonly pod: Pod;
    readonly container: AnyContainer;
    readonly sources: EnvSources;
    readonly lookUp: (name: string) => string | undefined;
  },
): string | undefined {
  if (valueFrom === undefined) return expand(value ?? "", lookUp);

  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) return fieldValue(pod, fieldRef.fieldPath, sources);
  if (resourceFieldRef !== undefined) {
    const of =
      resourceFieldRef.containerName === undefined ? container : containerNamed(pod, resourceFieldRef.containerName);
    return resourceValue(of ?? container, resourceFieldRef, sources.allocatable);
  }
  const namespace = pod.metadata.namespace ?? "";
  if (configMapKeyRef !== undefined) {
    const found = sources.configMaps.get(configMapKeyRef.name ?? "");
    return keyed({ kind: "ConfigMap", namespace, data: found && (found.data ?? {}), reference: configMapKeyRef });
  }
  if (secretKeyRef !== undefined) {
    const found = sources.secrets.get(secretKeyRef.name ?? "");
    const text = keyed({ kind: "Secret", namespace, data: found && (found.data ?? {}), reference: secretKeyRef });
    return text === undefined ? undefined : decoded(text);
  }
  throw new EnvError("this source of an environment variable is not supported");
}

function keyed({
  kind,
  namespace,
  data,
  reference: { name, key, optional },
}: {
  readonly kind: "ConfigMap" | "Secret";
  readonly namespace: string;
  /** Absent when the whole object is. */
  readonly data: Readonly<Record<string, string>> | undefined;
  readonly reference: {
    readonly name?: string | undefined;
    readonly key: string;
    readonly optional?: boolean | undefined;
  };
}): string | undefined {
  const value = data !== undefined && Object.hasOwn(data, key) ? data[key] : undefined;
  if (value !== undefined || optional === true) return value;
  if (data === undefined) throw missing(kind.toLowerCase(), name);
  throw new EnvError(`couldn't find key ${key} in ${kind} ${namespace}/${name ?? ""}`);
}

function missing(kind: string, name = ""): EnvError {
  return new EnvError(`${kind} "${name}" not found`);
}

function decoded(base64: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
}
