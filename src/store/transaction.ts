import type { StoreLimits, TxnRequest } from "./store.ts";

/** Limits of a store of ours: a thousand rows of a revision, and what SQLite keeps in one value. */
export const STORE_LIMITS: StoreLimits = { operationsMax: 1_000, bytesMax: 1_000_000_000 };

/**
 * Refuses a transaction that no store can carry out. Throws an `Error`: the caller is wrong.
 *
 * A key may be written once per transaction (as in etcd), so that a revision and a key name one change.
 */
export function checkTransaction({ success }: TxnRequest): void {
  const { operationsMax } = STORE_LIMITS;
  if (success.length > operationsMax) {
    throw new Error(`Cannot write ${success.length} keys in one transaction: at most ${operationsMax}`);
  }
  const keys = new Set<string>();
  for (const operation of success) {
    if (keys.has(operation.key))
      throw new Error(`Cannot write ${JSON.stringify(operation.key)} twice in one transaction`);
    keys.add(operation.key);
    if (operation.type === "put" && operation.ttlSeconds !== undefined && !(operation.ttlSeconds > 0)) {
      throw new Error(
        `Cannot keep ${JSON.stringify(operation.key)} for ${operation.ttlSeconds} s: must be more than 0`,
      );
    }
  }
}
