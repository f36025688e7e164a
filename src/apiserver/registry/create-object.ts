import { codecOf } from "@fairlead/api/codec/codec-of";
import { encodeStored } from "@fairlead/api/codec/encode";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { assertAllowed } from "../authorize-request.ts";
import { admissionRequest, assertAdmitted, decodedAgain, mutated } from "./admit.ts";
import type { RegistryEnvironment } from "./environment.ts";
import { commit } from "./environment.ts";
import { kindPrefix, objectKey } from "./keys.ts";
import { withManagedFields } from "./managed-fields.ts";
import { generatedName, givenMeta, metaForCreate } from "./object-meta.ts";
import { withUniqueOwners } from "./owner-references.ts";
import { alreadyExists, badRequest, forbiddenObject } from "./refusals.ts";
import type { WriteTarget } from "./resource.ts";
import type { StoredObject } from "./stored-object.ts";
import { NOT_STORED, storedObject } from "./stored-object.ts";
import { assertValid } from "./validate.ts";
import { retryInTurn } from "./write-in-turn.ts";

/** Names that are generated for an object. As upstream. */
const NAMES_MAX = 8;
const encoder = new TextEncoder();

/** A new object, and who creates it. */
export interface CreateTarget extends WriteTarget {
  /** The user was authorized to create the object. Otherwise the authorizer is asked for it. */
  readonly isAuthorized: boolean;
}

/**
 * Stores a new object.
 *
 * Plugins that change objects see it once, as the client wrote it with defaults: a name that is taken is generated again behind them.
 *
 * @param given - Decoded, with constant defaults.
 * @throws {StatusError} `AlreadyExists`, `Invalid`, `Forbidden`, or what admission and the kind's hook refuse with.
 */
export async function createObject(
  environment: RegistryEnvironment,
  target: CreateTarget,
  given: KubeObject,
): Promise<StoredObject> {
  if (given.metadata.resourceVersion !== "" && given.metadata.resourceVersion !== undefined) {
    throw badRequest("resourceVersion should not be set on objects to be created");
  }
  const { kind, strategy } = target.resource;
  if (strategy.creationRefusal !== undefined) {
    throw forbiddenObject(kind, given.metadata.name ?? "", strategy.creationRefusal);
  }
  const named = { ...target, name: given.metadata.name ?? "" };
  const admitted = await admittedObject(environment, named, given);
  const generates = (admitted.metadata.name ?? "") === "";
  for (let names = 1; ; names++) {
    const outcome = await stored(environment, named, () => prepared(environment, target, admitted));
    if (outcome.stored !== undefined) return outcome.stored;
    if (!generates || names === NAMES_MAX) throw alreadyExists(kind, outcome.name);
  }
}

/**
 * Stores an object, also when others come first to what its hook claims.
 *
 * Claims are chosen at random, so that first attempts need no turns. Losers take them: with few addresses left, most choose the same.
 */
async function stored(
  environment: RegistryEnvironment,
  target: CreateTarget,
  object: () => KubeObject,
): Promise<Outcome> {
  const attempt = async () => {
    const outcome = await tryCreate(environment, target, object());
    return outcome.stored !== undefined || outcome.exists ? outcome : undefined;
  };
  return (await attempt()) ?? retryInTurn(environment.turns, kindPrefix(target.resource.kind), attempt);
}

/** Returns what the client and the plugins want, with defaults and the account of its fields. */
async function admittedObject(
  environment: RegistryEnvironment,
  target: CreateTarget,
  given: KubeObject,
): Promise<KubeObject> {
  const { resource, warn } = target;
  const { kind } = resource;
  const metadata = givenMeta(given.metadata, target.namespace);
  const wanted = kind.withDefaults({ ...given, metadata });
  const object = await withManagedFields(environment, target, { previous: undefined, wanted });
  const request = admissionRequest(environment, target, { operation: "create", object, previous: undefined });
  const changed = await mutated(environment, request);
  return withUniqueOwners(changed === object ? object : decodedAgain(kind, changed), { warn, isAdmitted: true });
}

/** Returns the object with what the system sets: name, uid, times, initial status. */
function prepared(environment: RegistryEnvironment, { resource }: WriteTarget, admitted: KubeObject): KubeObject {
  const { kind, strategy } = resource;
  const { name: given = "", generateName = "" } = admitted.metadata;
  const isGenerated = given === "" && generateName !== "";
  const name = isGenerated ? generatedName(generateName, environment.random) : given;
  const metadata = metaForCreate(admitted.metadata, {
    name,
    uid: environment.uuid(),
    now: environment.clock.now(),
    hasGeneration: kind.hasGeneration,
  });
  const named = { ...admitted, metadata };
  // Some defaults are made of the name.
  const object = isGenerated ? kind.withDefaults(named) : named;
  return (
    strategy.prepareForCreate?.(object) ??
    (kind.hasStatus ? { ...object, ...{ status: codecOf(kind).newStatus } } : object)
  );
}

interface Outcome {
  readonly stored?: StoredObject;
  readonly exists: boolean;
  readonly name: string;
}

async function tryCreate(environment: RegistryEnvironment, target: CreateTarget, object: KubeObject): Promise<Outcome> {
  const { kind, hook, strategy } = target.resource;
  const { name } = object.metadata;
  await assertValid(target, object, undefined);
  if (!target.isAuthorized) assertMayCreate(environment, { ...target, name });
  await assertAdmitted(
    environment,
    admissionRequest(environment, target, { operation: "create", object, previous: undefined }),
  );
  const hooked = await hook.beforeCreate?.(object);
  const value = encoder.encode(encodeStored(kind, hooked?.object ?? object));
  const key = objectKey(kind, target.namespace, name);
  const done = (revision: number): Outcome => ({
    stored: storedObject(kind, { key, value, modRevision: revision, createRevision: revision, version: 1 }),
    exists: false,
    name,
  });
  if (target.dryRun) {
    const { item } = await environment.store.get(key);
    return item === undefined ? done(NOT_STORED) : { exists: true, name };
  }
  const result = await commit(environment.store, {
    key,
    ifRevision: 0,
    write: { type: "put", key, value, ...(strategy.ttlSeconds !== undefined && { ttlSeconds: strategy.ttlSeconds }) },
    compare: hooked?.compare ?? [],
    operations: hooked?.operations ?? [],
  });
  return result.succeeded ? done(result.revision) : { exists: result.current !== undefined, name };
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
