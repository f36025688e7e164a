import { encodeStored } from "@fairlead/api/codec/encode";
import { goQuote } from "@fairlead/api/go-quote";
import type { Kind } from "@fairlead/api/kind";
import type { DeleteOptions } from "@fairlead/api/meta/v1/delete-options";
import type { KubeObject } from "@fairlead/api/resource-reference";
import { StatusError } from "@fairlead/api/status-error";
import { admissionRequest, assertAdmitted, mutated } from "./admit.ts";
import { planDeletion } from "./deletion.ts";
import type { RegistryEnvironment } from "./environment.ts";
import { commit } from "./environment.ts";
import { objectKey } from "./keys.ts";
import { notFound } from "./refusals.ts";
import type { WriteTarget } from "./resource.ts";
import type { StoredObject } from "./stored-object.ts";
import { atRevision, storedObject } from "./stored-object.ts";
import { writeInTurn } from "./write-in-turn.ts";

const encoder = new TextEncoder();

export interface DeleteResult {
  /** The last state of the object, or the one that is marked for deletion. */
  readonly stored: StoredObject;
  readonly removed: boolean;
}

/**
 * Deletes an object, or marks it where its grace period or its finalizers ask for that.
 *
 * @throws {StatusError} `NotFound`; `Conflict` when a precondition does not hold; what admission refuses with.
 */
export async function deleteObject(
  environment: RegistryEnvironment,
  target: WriteTarget,
  options: DeleteOptions,
): Promise<DeleteResult> {
  const { kind } = target.resource;
  const key = objectKey(kind, target.namespace, target.name);
  return writeInTurn(environment.turns, key, async () => {
    const { item } = await environment.store.get(key);
    if (item === undefined) throw notFound(kind, target.name);
    const stored = storedObject(kind, item);
    assertPreconditions(kind, stored.object, options);
    return tryDelete(environment, { target, options, stored });
  });
}

/** A deletion of the object as it was read. */
interface Deletion {
  readonly target: WriteTarget;
  readonly options: DeleteOptions;
  readonly stored: StoredObject;
}

async function tryDelete(environment: RegistryEnvironment, deletion: Deletion): Promise<DeleteResult | undefined> {
  const { target, options, stored } = deletion;
  const { kind, strategy, hook } = target.resource;
  const about = { ...target, options };
  const request = admissionRequest(environment, about, {
    operation: "delete",
    object: stored.object,
    previous: stored.object,
  });
  await mutated(environment, request);
  await assertAdmitted(environment, request);
  const plan = planDeletion({ object: stored.object, options, strategy, now: environment.clock.now() });
  if (plan.type === "pending") return { stored, removed: false };
  if (plan.type === "mark") return mark(environment, deletion, plan.object);
  if (target.dryRun) return { stored, removed: true };
  const hooked = await hook.beforeDelete?.(stored.object);
  const result = await commit(environment.store, {
    key: stored.key,
    ifRevision: stored.revision,
    write: { type: "delete", key: stored.key },
    compare: hooked?.compare ?? [],
    operations: hooked?.operations ?? [],
    forDeletion: true,
  });
  return result.succeeded ? { stored: atRevision(kind, stored, result.revision), removed: true } : undefined;
}

async function mark(
  environment: RegistryEnvironment,
  { target, stored }: Deletion,
  object: KubeObject,
): Promise<DeleteResult | undefined> {
  const { kind } = target.resource;
  const value = encoder.encode(encodeStored(kind, object));
  const marked = (revision: number) => ({
    stored: storedObject(kind, { key: stored.key, value, modRevision: revision, createRevision: 0, version: 0 }),
    removed: false,
  });
  if (target.dryRun || Buffer.compare(value, stored.bytes) === 0) return marked(stored.revision);
  const result = await commit(environment.store, {
    key: stored.key,
    ifRevision: stored.revision,
    write: { type: "put", key: stored.key, value },
    compare: [],
    operations: [],
    forDeletion: true,
  });
  return result.succeeded ? marked(result.revision) : undefined;
}

function assertPreconditions(kind: Kind, { metadata }: KubeObject, { preconditions }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid !== undefined && uid !== metadata.uid) {
    throw preconditionFailed(
      kind,
      metadata.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw preconditionFailed(
      kind,
      metadata.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

/** Here upstream names the kind, not the resource. */
function preconditionFailed(kind: Kind, name: string, why: string): StatusError {
  const qualified = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  return new StatusError("Conflict", `Operation cannot be fulfilled on ${qualified} ${goQuote(name)}: ${why}`, {
    details: { name, ...(kind.group !== "" && { group: kind.group }), kind: kind.kind },
  });
}
