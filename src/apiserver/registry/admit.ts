import { decodeObject } from "@fairlead/api/codec/decode-object";
import { jsonText } from "@fairlead/api/codec/json-text";
import { parseApiJson } from "@fairlead/api/codec/parse-json";
import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { AdmissionOptions, AdmissionRequest, ConnectOptions } from "../admission/admission.ts";
import type { RegistryEnvironment } from "./environment.ts";
import { withKeptManagers } from "./kept-managers.ts";
import type { WriteTarget } from "./resource.ts";

/** What a write says of itself to admission. */
export type AdmissionTarget = Pick<
  WriteTarget,
  "version" | "user" | "namespace" | "name" | "subresource" | "dryRun" | "options" | "warn"
>;

/** One operation, before the plugins see it. */
export interface Operation extends Pick<AdmissionRequest, "operation" | "object" | "previous"> {
  /** Kind of the objects where it is not the resource's. */
  readonly kind?: Pick<Kind, "group" | "version" | "kind">;
}

/** Returns an operation as plugins see it. */
export function admissionRequest(
  { uuid }: Pick<RegistryEnvironment, "uuid">,
  target: AdmissionTarget,
  { kind = target.version.kind, ...operation }: Operation,
): AdmissionRequest {
  return { ...attributes(uuid(), target), ...operation, kind, options: optionsOf(target, operation.operation) };
}

function attributes(
  uid: string,
  { version, namespace, name, subresource, user, dryRun, warn }: AdmissionTarget,
): Omit<AdmissionRequest, "operation" | "object" | "previous" | "options" | "kind"> {
  const { group, version: apiVersion, plural } = version.kind;
  return { uid, resource: { group, version: apiVersion, plural }, namespace, name, subresource, user, dryRun, warn };
}

const OPTIONS = { create: "CreateOptions", update: "UpdateOptions", delete: "DeleteOptions" } as const;

function optionsOf({ options }: AdmissionTarget, operation: AdmissionRequest["operation"]): AdmissionOptions {
  return { ...options, kind: OPTIONS[operation], apiVersion: "meta.k8s.io/v1" };
}

/**
 * Lets every plugin change the object, in order. Returns the result: the object itself where no plugin changed it. Where
 * plugins made `managedFields` invalid, those from before are kept and the client is warned.
 */
export async function mutated(
  { admission }: Pick<RegistryEnvironment, "admission">,
  request: AdmissionRequest,
): Promise<KubeObject> {
  let { object } = request;
  for (const plugin of admission) {
    if (plugin.admit === undefined) continue;
    const admitted = plugin.admit(object === request.object ? request : { ...request, object });
    // Most plugins have nothing to wait for.
    object = admitted instanceof Promise ? await admitted : admitted;
  }
  if (object === request.object) return object;
  const kept = withKeptManagers(request.object, object);
  if (kept.warning !== undefined) request.warn([kept.warning]);
  return kept.object;
}

/** Asks every plugin whether the finished object may pass. Throws the first refusal. */
export async function assertAdmitted(
  { admission }: Pick<RegistryEnvironment, "admission">,
  request: AdmissionRequest,
): Promise<void> {
  for (const plugin of admission) {
    const validated = plugin.validate?.(request);
    if (validated !== undefined) await validated;
  }
}

/** Asks every plugin whether a connection may be made. Throws the first refusal. */
export async function assertConnectable(
  { admission, uuid }: Pick<RegistryEnvironment, "admission" | "uuid">,
  target: AdmissionTarget,
  object: ConnectOptions,
): Promise<void> {
  const { dryRun: _, ...given } = attributes(uuid(), target);
  const kind = { group: "", version: "v1", kind: object.kind };
  for (const plugin of admission) await plugin.connect?.({ ...given, operation: "connect", kind, object });
}

/** Returns what plugins made of an object as if a client had written it: pruned, with defaults. */
export function decodedAgain<T extends KubeObject>(kind: Kind<T>, object: T, previous?: T): T {
  // In memory a field may be there and undefined.
  const decoded = decodeObject(kind, parseApiJson(jsonText(object)), { fieldValidation: "Ignore" });
  if (decoded.error !== undefined) throw decoded.error;
  return kind.withDefaults(decoded.object, previous);
}

/** An object that is created and not stored as such: a Binding, a TokenRequest, a review. */
export interface Creation<T extends KubeObject> {
  /** Kind of the object where it is not the resource's. */
  readonly kind?: Operation["kind"];
  readonly object: T;
  /** Decodes what plugins made of the object. */
  decode(changed: T): T;
  /** Throws {@link StatusError} for an object that is not valid. */
  check(object: T): void;
}

/** Returns what is to be created after every plugin has seen it. Throws the refusal of a plugin, or of the check between them. */
export async function admittedCreation<T extends KubeObject>(
  environment: Pick<RegistryEnvironment, "admission" | "uuid">,
  target: AdmissionTarget,
  { kind, object, decode, check }: Creation<T>,
): Promise<T> {
  const about = { operation: "create" as const, previous: undefined, ...(kind !== undefined && { kind }) };
  const request = admissionRequest(environment, target, { ...about, object });
  // Plugins answer objects of the kind that they are given.
  const changed = (await mutated(environment, request)) as T;
  const finished = changed === object ? object : decode(changed);
  check(finished);
  await assertAdmitted(environment, { ...request, object: finished });
  return finished;
}
