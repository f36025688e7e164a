import type { Clock } from "@fairlead/lib/clock";
import { prefixEnd, type Store } from "@fairlead/store/store";

/** Where the servers of a cluster say that they are alive; upstream's place. */
const PREFIX = "/registry/masterleases/";
/** How long a server that does not renew is taken for alive; upstream's figure. */
const ALIVE_MS = 15_000;
/** A renewal may wait for other writes: it comes every ten seconds. */
const SHARED_COMMIT_MS = 2_000;

/** The servers of a cluster that are alive, by their addresses. */
export interface ServerLeases {
  /** Says that this server is alive. */
  renew(): Promise<void>;
  /** Returns the addresses of all servers that are, in order, and forgets those that have not renewed for 15 seconds. */
  addresses(): Promise<readonly string[]>;
  /** Says that this server is no longer there. */
  release(): Promise<void>;
}

/** A lease as it was when it was seen to change. Clocks of other machines are not trusted. */
interface Sighting {
  readonly modRevision: number;
  readonly atMs: number;
}

/**
 * Keeps the lease of one server in the store. Without a time to live there: a renewal that only replaces a value costs the store less
 * than one that does.
 *
 * @param address - Of this server.
 */
export function serverLeases(
  store: Pick<Store, "range" | "txn">,
  address: string,
  clock: Pick<Clock, "monotonicMs">,
): ServerLeases {
  const key = `${PREFIX}${address}`;
  const subsets = [{ addresses: [{ ip: address }] }];
  const value = new TextEncoder().encode(JSON.stringify({ kind: "Endpoints", apiVersion: "v1", subsets }));
  let sightings: ReadonlyMap<string, Sighting> = new Map();

  return {
    async renew() {
      await store.txn({ compare: [], success: [{ type: "put", key, value }], maxDelayMs: SHARED_COMMIT_MS });
    },

    async addresses() {
      const { items } = await store.range({ start: PREFIX, end: prefixEnd(PREFIX), counts: false });
      const now = clock.monotonicMs();
      sightings = new Map(
        items.map(({ key: lease, modRevision }) => {
          const before = sightings.get(lease);
          return [lease, before?.modRevision === modRevision ? before : { modRevision, atMs: now }];
        }),
      );
      const isDead = (lease: string) => lease !== key && now - (sightings.get(lease)?.atMs ?? now) > ALIVE_MS;
      for (const { key: lease, modRevision } of items.filter((item) => isDead(item.key))) {
        // Not where it came back meanwhile.
        await store.txn({ compare: [{ key: lease, modRevision }], success: [{ type: "delete", key: lease }] });
      }
      const alive = items.filter((item) => !isDead(item.key));
      return alive.map((item) => item.key.slice(PREFIX.length)).sort();
    },

    async release() {
      await store.txn({ compare: [], success: [{ type: "delete", key }] });
    },
  };
}
