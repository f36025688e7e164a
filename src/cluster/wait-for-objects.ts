import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Cache } from "@fairlead/client/cache/cache";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client, ObjectKey } from "@fairlead/client/client";
import { systemClock } from "@fairlead/lib/clock";
import { createLogger } from "@fairlead/lib/log";
import { waitFor } from "./wait-for.ts";

/** Objects of one kind, of one namespace or of all. */
export interface Scope {
  readonly kind: ResourceReference;
  readonly namespace?: string | undefined;
}

/** Finds the current object; undefined where there is none. Its kind and namespace are among those that are followed. */
export type FindObject = (kind: ResourceReference, key: ObjectKey) => KubeObject | undefined;

export interface ObjectWait {
  readonly client: Client;
  /** What is waited for, for the message: `nodes to become Ready`. */
  readonly what: string;
  /** What is followed. */
  readonly scopes: readonly Scope[];
  /** Returns what is still in the way, or `undefined`. Called once all objects are known, and when one has changed. */
  problem(find: FindObject): string | undefined;
  readonly explain?: () => Promise<string | undefined>;
  readonly signal: AbortSignal;
}

/**
 * Waits for objects to become what they are to be: looks when one of them changes, and asks the API server for nothing
 * but that.
 *
 * @throws {ExpectedError} when the signal is aborted first, with what was in the way.
 */
export async function waitForObjects({ client, what, scopes, problem, explain, signal }: ObjectWait): Promise<void> {
  let changed = Promise.withResolvers<void>();
  // A server that is away for a moment is asked again: the wait says what it is that takes long.
  const log = createLogger(() => {});
  const caches = new Map(
    distinct(scopes).map(([name, { kind, namespace }]) => {
      const cache: Cache<KubeObject> = startCache(client, kind, { namespace, log, clock: systemClock });
      cache.onChange(() => changed.resolve());
      return [name, cache];
    }),
  );
  const find: FindObject = (kind, { namespace, name }) =>
    caches.get(nameOf({ kind, namespace }))?.get(namespace === undefined ? name : `${namespace}/${name}`);
  const next = () => {
    changed = Promise.withResolvers();
    return changed.promise;
  };
  const look = async () => {
    await Promise.all([...caches.values()].map((cache) => cache.synced));
    return problem(find);
  };
  try {
    await waitFor(what, look, signal, { ...(explain !== undefined && { explain }), next });
  } finally {
    await Promise.all([...caches.values()].map((cache) => cache.stop()));
  }
}

function distinct(scopes: readonly Scope[]): [string, Scope][] {
  return [...new Map(scopes.map((scope) => [nameOf(scope), scope]))];
}

function nameOf({ kind, namespace = "" }: Scope): string {
  return `${kind.group}/${kind.plural}/${namespace}`;
}
