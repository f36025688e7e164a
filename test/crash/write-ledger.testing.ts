import assert from "node:assert/strict";
import type { ConfigMap } from "../../src/api/core/v1/configmap/configmap.ts";

/** One write of one object: its content, or `undefined` for a delete. */
export interface Write {
  readonly name: string;
  readonly content: string | undefined;
}

/** A write that the server acknowledged. Deletes carry no revision in their answer. */
export interface Acknowledged extends Write {
  readonly resourceVersion: number | undefined;
}

/**
 * What writers sent and what the server acknowledged.
 *
 * Each object has one writer that waits for each answer, so of each object at most the newest write is undecided: the
 * server died before it answered, and may or may not have stored it.
 */
export interface WriteLedger {
  /** Before a write is sent. */
  begin(write: Write): void;
  /** After the server has acknowledged it. */
  acknowledge(write: Write, resourceVersion?: number): void;
  /** Every acknowledged write, in the order of the answers. */
  readonly acknowledged: readonly Acknowledged[];
  /** Names of objects whose stored content is neither the acknowledged one nor that of the undecided write. */
  wrong(stored: ReadonlyMap<string, string>): readonly string[];
}

export function createWriteLedger(): WriteLedger {
  const acknowledged: Acknowledged[] = [];
  const last = new Map<string, string | undefined>();
  const undecided = new Map<string, string | undefined>();
  return {
    acknowledged,
    begin: ({ name, content }) => undecided.set(name, content),
    acknowledge({ name, content }, resourceVersion) {
      undecided.delete(name);
      last.set(name, content);
      acknowledged.push({ name, content, resourceVersion });
    },
    wrong(stored) {
      const fits = (name: string) =>
        stored.get(name) === last.get(name) || (undecided.has(name) && stored.get(name) === undecided.get(name));
      return [...new Set([...last.keys(), ...stored.keys()])].filter((name) => !fits(name));
    },
  };
}

/** Content of an object of the test. */
export function contentOf(configMap: ConfigMap): string {
  return configMap.data?.content ?? "";
}

/** Event of a watch, in the terms of the ledger. */
export interface Seen extends Write {
  readonly resourceVersion: number;
}

/**
 * Asserts that a watch showed each of these writes once, as it was acknowledged, in the order of revisions.
 *
 * @param seen - Every event from before the first of the writes until after the last.
 */
export function assertWatchShows(writes: readonly Acknowledged[], seen: readonly Seen[]): void {
  const revisions = seen.map(({ resourceVersion }) => resourceVersion);
  assert.ok(
    revisions.every((revision, i) => i === 0 || revision > (revisions[i - 1] ?? 0)),
    "the watch's revisions do not increase",
  );
  const byRevision = new Map(seen.map((event) => [event.resourceVersion, event]));
  const deleted = new Set(seen.filter(({ content }) => content === undefined).map(({ name }) => name));
  const missing = writes.filter(({ name, content, resourceVersion }) => {
    if (resourceVersion === undefined) return !deleted.has(name);
    const event = byRevision.get(resourceVersion);
    return event?.name !== name || event.content !== content;
  });
  assert.deepEqual(missing, [], "acknowledged writes that the watch did not show");
}
