import type { TxnRequest } from "./store.ts";

/** Most operations in one transaction. etcd's default is 128. */
export const TXN_OPERATIONS_MAX = 1_000;

/**
 * Refuses a transaction that no store can carry out. Throws an `Error`: the caller is wrong.
 *
 * A key may be written once per transaction (as in etcd), so that a revision and a key name one change.
 */
export function checkTransaction({ success }: TxnRequest): void {
  if (success.length > TXN_OPERATIONS_MAX) {
    throw new Error(`Cannot write ${success.length} keys in one transaction: at most ${TXN_OPERATIONS_MAX}`);
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
