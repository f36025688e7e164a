import { StatusError } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";
import type { Compare, KeyValue, Store, StoreLimits, WriteOperation } from "@fairlead/store/store";
import type { AdmissionPlugin } from "../admission/admission.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { Turns } from "./turns.ts";

/** What every write needs besides its object. */
export interface RegistryEnvironment {
  readonly store: Store;
  readonly clock: Clock;
  /** Of writers that lost against another writer of the same object. */
  readonly turns: Turns;
  /** In the order in which they run. */
  readonly admission: readonly AdmissionPlugin[];
  /** Asked before a request that was authorized as an update or a patch creates an object. */
  readonly authorizer: Authorizer;
  /** An integer from 0 below `below`. */
  random(below: number): number;
  /** A new UUID. */
  uuid(): string;
}

/** One object's write, with what its hook adds to the transaction. */
export interface Commit {
  readonly key: string;
  /** The revision that the object must still have; 0: it must not exist. */
  readonly ifRevision: number;
  readonly write: WriteOperation;
  readonly compare: readonly Compare[];
  readonly operations: readonly WriteOperation[];
  /** See `TxnRequest.maxDelayMs`. */
  readonly maxDelayMs?: number | undefined;
  /** See `TxnRequest.forDeletion`. */
  readonly forDeletion?: boolean | undefined;
}

export type CommitResult =
  | { readonly succeeded: true; readonly revision: number }
  /** `current` is the stored object; when it is the expected one, a comparison of the hook failed. */
  | { readonly succeeded: false; readonly current: KeyValue | undefined };

/**
 * Writes the object and everything that belongs to it in one transaction.
 *
 * @throws {StatusError} `RequestEntityTooLarge` for more than the store can write at once.
 */
export async function commit(store: Store, request: Commit): Promise<CommitResult> {
  const { key, ifRevision, write, compare, operations, maxDelayMs, forDeletion } = request;
  assertFits([write, ...operations], store.limits);
  const result = await store.txn({
    compare: [{ key, modRevision: ifRevision }, ...compare],
    success: [write, ...operations],
    failure: [key],
    ...(maxDelayMs !== undefined && { maxDelayMs }),
    ...(forDeletion !== undefined && { forDeletion }),
  });
  return result.succeeded
    ? { succeeded: true, revision: result.revision }
    : { succeeded: false, current: result.read[0] };
}

function assertFits(operations: readonly WriteOperation[], { operationsMax, bytesMax }: StoreLimits): void {
  const bytes = operations.reduce((sum, one) => sum + (one.type === "put" ? one.value.byteLength : 0), 0);
  if (bytes > bytesMax) throw tooLarge(`limit is ${bytesMax}`);
  if (operations.length > operationsMax) {
    throw tooLarge(
      `the object and what it claims are ${operations.length} writes of the store, limit is ${operationsMax}`,
    );
  }
}

function tooLarge(why: string): StatusError {
  return new StatusError("RequestEntityTooLarge", `Request entity too large: ${why}`);
}
