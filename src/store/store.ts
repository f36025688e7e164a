/**
 * Where objects live: etcd's contract, so that etcd itself is one implementation.
 *
 * Keys are text and ordered by their UTF-8 bytes. One counter, the revision, goes up by one with every
 * transaction that changes something. A write is acknowledged, and shown to readers and watchers, only
 * after it is durable. (etcd API v3, https://etcd.io/docs/v3.5/learning/api/)
 */
export interface Store extends AsyncDisposable {
  /** What a transaction may hold. Larger ones are refused by {@link txn}, as errors of the caller. */
  readonly limits: StoreLimits;

  /** The newest durable revision. A new store is at 1, as a new etcd is. */
  revision(): Promise<number>;

  /** One key, as it was at `revision` (default: now). */
  get(key: string, options?: { readonly revision?: number }): Promise<GetResult>;

  /**
   * The keys in `[start, end)`, in order.
   *
   * @throws {CompactedError} when `revision` is older than the last compaction.
   * @throws {FutureRevisionError} when `revision` has not happened yet.
   */
  range(request: RangeRequest): Promise<RangeResult>;

  /** Does `success` if every comparison holds, else reads `failure`; all of it or nothing. */
  txn(request: TxnRequest): Promise<TxnResult>;

  /**
   * Every change of keys in `[start, end)` from `fromRevision` on, in order of revision, without a gap,
   * one batch per revision or several revisions together. Ends when `signal` is aborted or the store is closed.
   *
   * With `progress`, a batch without events, or a call, names the revision up to which nothing was missed: after
   * the start, and then whenever the store's revision has gone on without an event for this watcher.
   *
   * @throws {CompactedError} from the iteration, when `fromRevision` has been compacted.
   */
  watch(request: WatchRequest): AsyncIterable<WatchBatch>;

  /** Forgets what was overwritten or deleted before `revision`. Current values stay. */
  compact(revision: number): Promise<void>;

  /** Waits for writes under way and lets go of files, threads and sockets. */
  close(): Promise<void>;
}

/** Limits of one transaction. etcd's defaults are 128 operations and 1.5 MiB. */
export interface StoreLimits {
  /** Most operations. */
  readonly operationsMax: number;
  /** Most bytes of all values together. */
  readonly bytesMax: number;
}

export interface KeyValue {
  readonly key: string;
  readonly value: Uint8Array;
  /** Revision at which the key was created. */
  readonly createRevision: number;
  /** Revision of the last change. */
  readonly modRevision: number;
  /** How often it was written since it was created, from 1. */
  readonly version: number;
}

export interface GetResult {
  /** The store's revision when it was read. */
  readonly revision: number;
  readonly item: KeyValue | undefined;
}

export interface RangeRequest {
  readonly start: string;
  /** Exclusive. {@link prefixEnd} gives it for "everything below a prefix". */
  readonly end: string;
  /** Most items to answer. Default: all. */
  readonly limit?: number;
  readonly revision?: number;
  /** Whether to count what the limit leaves out, which takes as long as the range is. Default: yes. */
  readonly counts?: boolean;
}

export interface RangeResult {
  readonly revision: number;
  readonly items: readonly KeyValue[];
  /** How many keys the whole range has, whatever the limit; `undefined` when that was not to be counted. */
  readonly count: number | undefined;
}

export interface TxnRequest {
  readonly compare: readonly Compare[];
  readonly success: readonly WriteOperation[];
  /** Keys to read when a comparison does not hold. */
  readonly failure?: readonly string[];
  /**
   * How long the transaction may wait for others, to become durable together with them, in milliseconds. It is carried out
   * and acknowledged that much later. Default: 0. Stores may ignore it.
   */
  readonly maxDelayMs?: number;
  /**
   * Whether the transaction is a step of a deletion: a store without room for others still carries it out, within limits.
   * Default: whether it only deletes. Stores may ignore it.
   */
  readonly forDeletion?: boolean;
}

/** `modRevision: 0` holds when the key does not exist. */
export interface Compare {
  readonly key: string;
  readonly modRevision: number;
}

export type WriteOperation =
  | {
      readonly type: "put";
      readonly key: string;
      readonly value: Uint8Array;
      /** The key is deleted by the store this long after the write. Default: it stays. */
      readonly ttlSeconds?: number;
    }
  | { readonly type: "delete"; readonly key: string };

export interface TxnResult {
  readonly succeeded: boolean;
  /** Revision of the write, or the current one when nothing was written. */
  readonly revision: number;
  /** What `failure` asked for, in its order. Empty when the transaction succeeded. */
  readonly read: readonly (KeyValue | undefined)[];
}

export interface WatchRequest {
  readonly start: string;
  readonly end: string;
  /** First revision of interest. */
  readonly fromRevision: number;
  /**
   * Whether to report the revision up to which nothing was missed. `true`: in batches without events. A function is called instead, once
   * the reader has taken all batches before: with many watchers and few events for each, that costs less than to wake their readers.
   * Default: no.
   */
  readonly progress?: boolean | ((revision: number) => void);
  readonly signal: AbortSignal;
}

export interface WatchBatch {
  /** All changes up to this revision have now been given. */
  readonly revision: number;
  readonly events: readonly StoreEvent[];
}

export type StoreEvent =
  | { readonly type: "put"; readonly item: KeyValue; readonly previous: KeyValue | undefined }
  | {
      readonly type: "delete";
      readonly key: string;
      /** Revision of the deletion. */
      readonly modRevision: number;
      readonly previous: KeyValue;
    };

/** The revision asked for is older than the last compaction: read again from now. */
export class CompactedError extends Error {
  override readonly name = "CompactedError";
  /** The oldest revision that can still be read. */
  readonly compactRevision: number;

  constructor(compactRevision: number) {
    super(`Cannot read a revision before ${compactRevision}: it has been compacted`);
    this.compactRevision = compactRevision;
  }
}

/** The revision asked for has not happened yet. */
export class FutureRevisionError extends Error {
  override readonly name = "FutureRevisionError";
}

/** The exclusive end of the range of all keys that start with `prefix`, which ends in an ASCII character. */
export function prefixEnd(prefix: string): string {
  const last = prefix.charCodeAt(prefix.length - 1);
  return prefix.slice(0, -1) + String.fromCharCode(last + 1);
}
