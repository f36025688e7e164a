import { apiTime } from "@fairlead/api/api-time";
import { encodeStored } from "@fairlead/api/codec/encode";
import { invalid } from "@fairlead/api/field-error";
import { nextInt64 } from "@fairlead/api/int64";
import type { Kind } from "@fairlead/api/kind";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { specChanged } from "@fairlead/api/spec-changed";
import { invalidObject } from "@fairlead/api/status-error";
import type { AdmissionRequest } from "../admission/admission.ts";
import { admissionRequest, assertAdmitted, decodedAgain, mutated } from "./admit.ts";
import { createObject } from "./create-object.ts";
import { isReleased } from "./deletion.ts";
import type { Commit, RegistryEnvironment } from "./environment.ts";
import { commit } from "./environment.ts";
import { withKeptTimes } from "./kept-times.ts";
import { kindPrefix, objectKey } from "./keys.ts";
import { withManagedFields } from "./managed-fields.ts";
import { metaForUpdate, withMeta } from "./object-meta.ts";
import { withUniqueOwners } from "./owner-references.ts";
import { readCurrent } from "./read-current.ts";
import { conflict, notFound, staleVersion } from "./refusals.ts";
import type { WriteTarget } from "./resource.ts";
import type { StoredObject } from "./stored-object.ts";
import { storedObject } from "./stored-object.ts";
import { assertValid } from "./validate.ts";
import { writeInTurn } from "./write-in-turn.ts";

const encoder = new TextEncoder();

export interface Update extends WriteTarget {
  /**
   * Makes the object that the client wants out of the stored one. Called again when another write came between.
   * A resource version in its answer must be the stored one.
   */
  transform(previous: KubeObject | undefined): Promise<KubeObject> | KubeObject;
  /** An object that is missing is created, if the user may create it. Default: as the kind's strategy says. */
  readonly createsMissing?: boolean;
  /** What admission sees of the object, where the client writes a view of it. Default: the object. */
  readonly view?: ObjectView;
}

/** Another object that shows a part of an object, and can change it: the Scale of a workload. */
export interface ObjectView {
  readonly kind: Kind;
  of(object: KubeObject): KubeObject;
  /** Returns the object with what a view says. */
  into(object: KubeObject, view: KubeObject): KubeObject;
}

export interface UpdateResult {
  readonly stored: StoredObject;
  readonly created: boolean;
}

/**
 * Changes a stored object.
 *
 * @throws {StatusError} `NotFound`, `Conflict`, `Invalid`, `Forbidden` for a missing object that the user may not
 *   create, or what admission and the kind's hook refuse with.
 */
export async function updateObject(environment: RegistryEnvironment, update: Update): Promise<UpdateResult> {
  const { kind, hook } = update.resource;
  const key = objectKey(kind, update.namespace, update.name);
  const { store, turns } = environment;
  return writeInTurn(turns, key, async (isInTurn) => {
    const stored = await readCurrent(store, update.resource, key);
    if (stored === undefined) return createMissing(environment, update);
    const write = () => tryUpdate(environment, update, stored);
    // It may have lost what its hook claims, to a writer of another object of the kind.
    return isInTurn && hook.beforeUpdate !== undefined ? turns.take(kindPrefix(kind), write) : write();
  });
}

async function createMissing(environment: RegistryEnvironment, update: Update): Promise<UpdateResult> {
  const { kind, strategy } = update.resource;
  const allowed = update.createsMissing ?? (strategy.createsOnUpdate === true && update.subresource === "");
  if (!allowed) throw notFound(kind, update.name);
  const { metadata, ...given } = await update.transform(undefined);
  const { uid = "" } = metadata;
  // The client read an object that has been deleted since: it does not mean to create another one.
  if (uid !== "") throw conflict(kind, update.name, missingUid(update, uid));
  const object = { ...given, metadata: { ...metadata, resourceVersion: "" } };
  return { stored: await createObject(environment, { ...update, isAuthorized: false }, object), created: true };
}

function missingUid({ applies }: Update, uid: string): string {
  return applies === true
    ? `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
    : `Precondition failed: UID in precondition: ${uid}, UID in object meta: `;
}

/** `undefined`: another write came first. */
async function tryUpdate(
  environment: RegistryEnvironment,
  update: Update,
  stored: StoredObject,
): Promise<UpdateResult | undefined> {
  const { kind, hook, strategy } = update.resource;
  const previous = stored.object;
  const given = await update.transform(previous);
  assertSameObject(update, given, previous);
  const admitted = await admittedObject(environment, update, { given, previous });
  assertSameVersion(update, given, previous);
  const object = withKeptTimes(withGeneration(kind, admitted, previous), previous);
  await assertValid(update, object, previous);
  await assertAdmitted(environment, requestOf(environment, update, { object, previous }));
  const released = isReleased(object, previous, strategy);
  const hooked = released ? await hook.beforeDelete?.(object) : await hook.beforeUpdate?.(object, previous);
  const value = encoder.encode(encodeStored(kind, hooked?.object ?? object));
  const done = (revision: number) => ({
    stored: storedObject(kind, { key: stored.key, value, modRevision: revision, createRevision: 0, version: 0 }),
    created: false,
  });
  const unchanged =
    !released &&
    (hooked?.operations ?? []).length === 0 &&
    !stored.isOutdated &&
    Buffer.compare(value, stored.bytes) === 0;
  if (unchanged || update.dryRun) return done(stored.revision);
  const result = await commit(environment.store, {
    key: stored.key,
    ifRevision: stored.revision,
    write: released ? { type: "delete", key: stored.key } : put(stored.key, value, strategy.ttlSeconds),
    compare: hooked?.compare ?? [],
    operations: hooked?.operations ?? [],
    // Its finalizers and its kubelet have to get on with the deletion, also when the disk is full.
    forDeletion: previous.metadata.deletionTimestamp !== undefined,
    maxDelayMs: released ? undefined : strategy.updateDelayMs?.(object, previous),
  });
  return result.succeeded ? done(result.revision) : undefined;
}

function put(key: string, value: Uint8Array, ttlSeconds: number | undefined): Commit["write"] {
  return { type: "put", key, value, ...(ttlSeconds !== undefined && { ttlSeconds }) };
}

/** A write as the client wants it, beside what is stored. */
interface Change {
  readonly given: KubeObject;
  readonly previous: KubeObject;
}

/**
 * Returns what the client and the plugins want of the object, prepared by its kind, with the account of its fields. As upstream, plugins
 * see all that the client wrote, also what the write does not reach: the spec in a write to `status`.
 */
async function admittedObject(
  environment: RegistryEnvironment,
  update: Update,
  { given, previous }: Change,
): Promise<KubeObject> {
  const { kind } = update.resource;
  const { view, warn } = update;
  const tracked = await trackedObject(environment, update, { given, previous });
  const shown = view === undefined ? wholeObject(update, given, { tracked, previous }) : tracked;
  const request = requestOf(environment, update, { object: shown, previous });
  const changed = await mutated(environment, request);
  if (changed === request.object) return withUniqueOwners(tracked, { warn, isAdmitted: true });
  if (view !== undefined) {
    const again = view.into(given, decodedAgain(view.kind, changed));
    return trackedObject(environment, update, { given: again, previous });
  }
  const again = withUniqueOwners(decodedAgain(kind, changed, previous), { warn, isAdmitted: true });
  // Plugins have seen the account of fields: what they change has no owner.
  return preparedObject(environment, update, wantedObject(update, again, previous), previous);
}

/** Returns the request that plugins see: of the object, or of a view of it. */
function requestOf(
  environment: RegistryEnvironment,
  update: Update,
  { object, previous }: { readonly object: KubeObject; readonly previous: KubeObject },
): AdmissionRequest {
  const { view } = update;
  const seen = view === undefined ? { object, previous } : { object: view.of(object), previous: view.of(previous) };
  return admissionRequest(environment, update, {
    operation: "update",
    ...seen,
    ...(view !== undefined && { kind: view.kind }),
  });
}

/** Returns what is to be stored of a change, were it not for admission. */
async function trackedObject(
  environment: RegistryEnvironment,
  update: Update,
  { given, previous }: Change,
): Promise<KubeObject> {
  const wanted = wantedObject(update, given, previous);
  const prepared = preparedObject(environment, update, wanted, previous);
  return withManagedFields(environment, update, { previous, wanted, prepared });
}

/** Returns all that the client wrote, with the metadata that the write will have. */
function wholeObject(
  { resource }: Update,
  given: KubeObject,
  { tracked, previous }: { readonly tracked: KubeObject; readonly previous: KubeObject },
): KubeObject {
  const { managedFields } = tracked.metadata;
  const metadata = { ...metaForUpdate(given.metadata, previous.metadata), managedFields };
  return resource.kind.withDefaults({ ...given, metadata }, previous);
}

/** Refuses to change another object of the same name than the one that the client means. */
function assertSameObject({ resource, name }: Update, { metadata }: KubeObject, previous: KubeObject): void {
  const { uid } = metadata;
  if (uid === "" || uid === undefined || uid === previous.metadata.uid) return;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${previous.metadata.uid}`;
  throw conflict(resource.kind, name, why);
}

function assertSameVersion({ resource, name }: Update, given: KubeObject, previous: KubeObject): void {
  const { kind, strategy } = resource;
  const { resourceVersion } = given.metadata;
  if (resourceVersion === "" || resourceVersion === undefined || resourceVersion === "0") {
    if (strategy.needsResourceVersion !== true) return;
    const error = invalid("metadata.resourceVersion", 0, "must be specified for an update");
    throw invalidObject(kind.group, kind.plural, name, [error]);
  }
  if (resourceVersion !== previous.metadata.resourceVersion) throw staleVersion(kind, name);
}

/** Returns the object that the client wants: its part from `given`, the system's part from `previous`, and defaults. */
function wantedObject({ resource, subresource }: Update, given: KubeObject, previous: KubeObject): KubeObject {
  const { kind, strategy } = resource;
  const metadata = metaForUpdate(given.metadata, previous.metadata);
  const part = strategy.parts?.get(subresource);
  if (part !== undefined) {
    const kept = { ...previous.metadata, managedFields: metadata.managedFields };
    const own = part.keepsMetadata === true ? kept : metadata;
    return kind.withDefaults({ ...part.take(given, previous), metadata: own }, previous);
  }
  if (subresource === "status") {
    const kept = { ...previous, metadata: { ...metadata, ownerReferences: previous.metadata.ownerReferences } };
    return kind.withDefaults({ ...kept, ...statusOf(given) }, previous);
  }
  const own =
    kind.hasStatus && subresource === "" ? { ...given, metadata, ...statusOf(previous) } : { ...given, metadata };
  return kind.withDefaults(own, previous);
}

/** Returns the object with the fields that its kind sets or resets in a write. */
function preparedObject(
  { clock }: RegistryEnvironment,
  { resource, subresource }: Update,
  wanted: KubeObject,
  previous: KubeObject,
): KubeObject {
  const { strategy } = resource;
  if (subresource === "status") {
    return strategy.prepareForStatusUpdate?.(wanted, previous, apiTime(clock.now())) ?? wanted;
  }
  if (strategy.parts?.has(subresource) === true) return wanted;
  return strategy.prepareForUpdate?.(wanted, previous) ?? wanted;
}

function statusOf(object: KubeObject): { readonly status: unknown } {
  return { status: "status" in object ? object.status : undefined };
}

function withGeneration(kind: Kind, object: KubeObject, previous: KubeObject): KubeObject {
  if (!kind.hasGeneration || !specChanged(object, previous, kind)) return object;
  return withMeta(object, { generation: nextInt64(previous.metadata.generation ?? 0) });
}
