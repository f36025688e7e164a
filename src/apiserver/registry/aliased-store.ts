import type {
  Compare,
  KeyValue,
  Store,
  StoreEvent,
  TxnRequest,
  WatchBatch,
  WriteOperation,
} from "../../store/store.ts";

/** One kind that is kept as objects of another: the same things under two names. */
export interface Alias {
  /** Where its objects seem to lie. Ends in a slash. */
  readonly prefix: string;
  /** Where they lie. Ends in a slash. */
  readonly storedPrefix: string;
  toStored(value: Uint8Array): Uint8Array;
  fromStored(value: Uint8Array): Uint8Array;
}

/** A view of a store in which the objects of one kind seem to lie in a place of their own, in a form of their own. */
export function aliasedStore(store: Store, alias: Alias): Store {
  const isAliased = (key: string) => key.startsWith(alias.prefix);
  const keyIn = (key: string) => (isAliased(key) ? alias.storedPrefix + key.slice(alias.prefix.length) : key);
  const keyOut = (key: string) => alias.prefix + key.slice(alias.storedPrefix.length);
  const itemOut = (item: KeyValue): KeyValue => ({
    ...item,
    key: keyOut(item.key),
    value: alias.fromStored(item.value),
  });
  // The exclusive end of a prefix is no longer below it: it is told by its start.
  const endIn = (start: string, end: string) =>
    !isAliased(start) || isAliased(end) ? keyIn(end) : endOf(alias.storedPrefix);

  const { operationIn, compareIn, eventOut } = conversions(alias, { isAliased, keyIn, keyOut, itemOut });

  async function* watchAliased(batches: AsyncIterable<WatchBatch>): AsyncIterable<WatchBatch> {
    for await (const { revision, events } of batches) yield { revision, events: events.map(eventOut) };
  }

  return {
    revision: () => store.revision(),
    async get(key, options) {
      const result = await store.get(keyIn(key), options);
      return isAliased(key) && result.item !== undefined ? { ...result, item: itemOut(result.item) } : result;
    },
    async range(request) {
      const { start, end } = request;
      if (!isAliased(start)) return store.range(request);
      const result = await store.range({ ...request, start: keyIn(start), end: endIn(start, end) });
      return { ...result, items: result.items.map(itemOut) };
    },
    async txn({ compare, success, failure = [], ...rest }: TxnRequest) {
      const result = await store.txn({
        ...rest,
        compare: compare.map(compareIn),
        success: success.map(operationIn),
        failure: failure.map(keyIn),
      });
      const read = result.read.map((item, index) => (item && isAliased(failure[index] ?? "") ? itemOut(item) : item));
      return { ...result, read };
    },
    watch(request) {
      const { start, end } = request;
      if (!isAliased(start)) return store.watch(request);
      return watchAliased(store.watch({ ...request, start: keyIn(start), end: endIn(start, end) }));
    },
    compact: (revision) => store.compact(revision),
    close: () => store.close(),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** The exclusive end of everything below a prefix that ends in a slash; `0` comes after `/`. */
function endOf(prefix: string): string {
  return `${prefix.slice(0, -1)}0`;
}

interface Renaming {
  isAliased(key: string): boolean;
  keyIn(key: string): string;
  keyOut(key: string): string;
  itemOut(item: KeyValue): KeyValue;
}

function conversions(alias: Alias, { isAliased, keyIn, keyOut, itemOut }: Renaming) {
  const operationIn = (operation: WriteOperation): WriteOperation => {
    if (!isAliased(operation.key)) return operation;
    const key = keyIn(operation.key);
    return operation.type === "put"
      ? { ...operation, key, value: alias.toStored(operation.value) }
      : { type: "delete", key };
  };
  const compareIn = (compare: Compare): Compare => ({ ...compare, key: keyIn(compare.key) });
  const eventOut = (event: StoreEvent): StoreEvent =>
    event.type === "put"
      ? { ...event, item: itemOut(event.item), previous: event.previous && itemOut(event.previous) }
      : { ...event, key: keyOut(event.key), previous: itemOut(event.previous) };
  return { operationIn, compareIn, eventOut };
}
