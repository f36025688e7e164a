import { codecOf } from "../../api/codec/codec-of.ts";
import { encodeStored } from "../../api/codec/encode.ts";
import type { KubeObject } from "../../api/resource-reference.ts";
import { StatusError } from "../../api/status-error.ts";
import { assertAllowed } from "../authorize-request.ts";
import { admit, admitFinal } from "./admit.ts";
import type { RegistryEnvironment } from "./environment.ts";
import { commit } from "./environment.ts";
import { objectKey } from "./keys.ts";
import { withManagedFields } from "./managed-fields.ts";
import { generatedName, metaForCreate } from "./object-meta.ts";
import { alreadyExists, badRequest, forbiddenObject } from "./refusals.ts";
import type { WriteTarget } from "./resource.ts";
import type { StoredObject } from "./stored-object.ts";
import { NOT_STORED, storedObject } from "./stored-object.ts";
import { assertValid } from "./validate.ts";

/** How often a generated name is tried, and a transaction that lost a race. Upstream tries eight names. */
const ATTEMPTS = 8;
const encoder = new TextEncoder();

/** A new object, and who creates it. */
export interface CreateTarget extends WriteTarget {
  /** The user was authorized to create the object. Otherwise the authorizer is asked for it. */
  readonly isAuthorized: boolean;
}

/**
 * Stores a new object.
 *
 * @param given - Decoded, with constant defaults.
 * @throws {StatusError} `AlreadyExists`, `Invalid`, `Forbidden`, or what admission and the kind's hook refuse with.
 */
export async function createObject(
  environment: RegistryEnvironment,
  target: CreateTarget,
  given: KubeObject,
): Promise<Created> {
  if (given.metadata.resourceVersion !== "" && given.metadata.resourceVersion !== undefined) {
    throw badRequest("resourceVersion should not be set on objects to be created");
  }
  const { creationRefusal } = target.resource.strategy;
  if (creationRefusal !== undefined) {
    throw forbiddenObject(target.resource.kind, given.metadata.name ?? "", creationRefusal);
  }
  const generates = given.metadata.name === "" || given.metadata.name === undefined;
  const name = generates ? "" : given.metadata.name;
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryCreate(environment, { ...target, name }, given);
    if (outcome.stored !== undefined) return { stored: outcome.stored, warnings: outcome.warnings };
    const mayRetry = attempt < ATTEMPTS && (generates || !outcome.exists);
    if (mayRetry) continue;
    if (outcome.exists) throw alreadyExists(target.resource.kind, outcome.name);
    throw contended();
  }
}

/** Too many others wrote what this write depends on. */
export function contended(): StatusError {
  return new StatusError("ServerTimeout", "the write lost against others too often; try again", {
    details: { retryAfterSeconds: 1 },
  });
}

/** A new object, and what its kind warns its writer about. */
export interface Created {
  readonly stored: StoredObject;
  readonly warnings: readonly string[];
}

interface Outcome {
  readonly stored?: StoredObject;
  readonly warnings: readonly string[];
  readonly exists: boolean;
  readonly name: string;
}

async function tryCreate(environment: RegistryEnvironment, target: CreateTarget, given: KubeObject): Promise<Outcome> {
  const { kind, hook, strategy } = target.resource;
  const prepared = await prepare(environment, target, given);
  const { name } = prepared.metadata;
  const request = {
    kind,
    operation: "create" as const,
    subresource: "",
    namespace: target.namespace,
    name,
    previous: undefined,
    user: target.user,
    dryRun: target.dryRun,
  };
  const admitted = await admit(environment.admission, { ...request, object: prepared });
  const object = admitted === prepared ? prepared : kind.withDefaults(admitted);
  const ofKind = await assertValid(target, object, undefined);
  if (!target.isAuthorized) assertMayCreate(environment, target);
  const warnings = [...ofKind, ...(strategy.warnings?.(object) ?? [])];
  await admitFinal(environment.admission, { ...request, object });
  const hooked = await hook.beforeCreate?.(object);
  const value = encoder.encode(encodeStored(kind, hooked?.object ?? object));
  const key = objectKey(kind, target.namespace, name);
  const done = (revision: number): Outcome => ({
    stored: storedObject(kind, { key, value, modRevision: revision, createRevision: revision, version: 1 }),
    warnings,
    exists: false,
    name,
  });
  if (target.dryRun) {
    const { item } = await environment.store.get(key);
    return item === undefined ? done(NOT_STORED) : { warnings, exists: true, name };
  }
  const result = await commit(environment.store, {
    key,
    ifRevision: 0,
    write: { type: "put", key, value, ...(strategy.ttlSeconds !== undefined && { ttlSeconds: strategy.ttlSeconds }) },
    compare: hooked?.compare ?? [],
    operations: hooked?.operations ?? [],
  });
  return result.succeeded ? done(result.revision) : { warnings, exists: result.current !== undefined, name };
}

/** Upstream's order: after defaults, mutating admission and validation, before validating admission. */
function assertMayCreate({ authorizer }: RegistryEnvironment, target: CreateTarget): void {
  const { user, namespace, name, subresource } = target;
  const { group, version, plural: resource } = target.resource.kind;
  assertAllowed(authorizer, {
    type: "resource",
    user,
    verb: "create",
    group,
    version,
    resource,
    subresource,
    namespace,
    name,
  });
}

/** Returns the object with the fields that the system sets: name, uid, times, initial status, dependent defaults. */
async function prepare(environment: RegistryEnvironment, target: WriteTarget, given: KubeObject): Promise<KubeObject> {
  const { kind, strategy } = target.resource;
  const base = given.metadata.generateName ?? "";
  const named = target.name === "" && base !== "" ? generatedName(base, environment.random) : target.name;
  const metadata = metaForCreate(given.metadata, {
    name: named,
    namespace: target.namespace,
    uid: environment.uuid(),
    now: environment.clock.now(),
    hasGeneration: kind.hasGeneration,
  });
  const wanted = kind.withDefaults({ ...given, metadata });
  const object = await withManagedFields(environment, target, { previous: undefined, wanted });
  return (
    strategy.prepareForCreate?.(object) ??
    (kind.hasStatus ? { ...object, ...{ status: codecOf(kind).newStatus } } : object)
  );
}
