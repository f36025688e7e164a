import { stat } from "node:fs/promises";
import { podKind } from "../../../src/api/core/v1/pod/pod.ts";
import { objectKey } from "../../../src/apiserver/registry/keys.ts";
import { openSqliteStore } from "../../../src/store/sqlite/sqlite-store.ts";
import { clusterObjects, type Entry } from "./cluster-objects.ts";
import type { Placement } from "./placement.ts";
import { podTexts } from "./pod-text.ts";

/** What a filled store holds. */
export interface Filled {
  readonly podBytes: number;
  readonly fileMiB: number;
  readonly seconds: number;
}

/**
 * Writes a cluster with its pods into a new store, in transactions that are as large as the store allows. The history is
 * compacted afterwards, as it is some minutes after the last write: a server that starts reads recent history.
 */
export async function fillStore(file: string, placement: Placement, rootCA: string): Promise<Filled> {
  const startedMs = performance.now();
  const encoder = new TextEncoder();
  let podBytes = 0;
  {
    await using store = await openSqliteStore({ file });
    let batch: { readonly type: "put"; readonly key: string; readonly value: Uint8Array }[] = [];
    let written: Promise<unknown> = Promise.resolve();
    const flush = () => {
      const success = batch;
      batch = [];
      return store.txn({ compare: [], success });
    };
    const put = async ({ key, text }: Entry) => {
      const value = encoder.encode(text);
      batch.push({ type: "put", key, value });
      if (batch.length < store.limits.operationsMax) return value.byteLength;
      // One transaction is written while the next one is made.
      await written;
      written = flush();
      return value.byteLength;
    };
    for (const entry of clusterObjects(placement, rootCA)) await put(entry);
    for (const entry of podEntries(placement)) podBytes += await put(entry);
    await written;
    await flush();
    await store.compact(await store.revision());
  }
  const { size } = await stat(file);
  return {
    podBytes: podBytes / placement.pods,
    fileMiB: size / 1024 ** 2,
    seconds: (performance.now() - startedMs) / 1000,
  };
}

function* podEntries(placement: Placement): Generator<Entry> {
  const text = podTexts(placement);
  for (let number = 0; number < placement.pods; number++) {
    const { namespace, name } = placement.pod(number);
    yield { key: objectKey(podKind, namespace, name), text: text(number) };
  }
}
