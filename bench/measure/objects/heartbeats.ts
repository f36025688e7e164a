import { setTimeout as pause } from "node:timers/promises";
import { type Access, ask, openConnection } from "../connection.ts";
import { NODES, nodeName } from "./placement.ts";

/** How often a kubelet renews its lease, in milliseconds. */
const INTERVAL_MS = 10_000;
/** Renewals under way at the same time: the server answers one after a second or more, when it has been written with others. */
const WAYS = 400;

export interface Heartbeats extends AsyncDisposable {
  /** Renewals that failed so far. */
  failed(): number;
}

/**
 * Renews the leases of all nodes, evenly over ten seconds, as their kubelets do. Without renewals, nodes become Unknown after
 * 50 s and their pods are marked not ready.
 */
export async function startHeartbeats(access: Access): Promise<Heartbeats> {
  const { session, ...connection } = await openConnection(access);
  const stopped = new AbortController();
  const startedMs = performance.now();
  let next = 0;
  let failed = 0;
  const renew = async () => {
    while (!stopped.signal.aborted) {
      const number = next++;
      await pause(Math.max(0, startedMs + (number * INTERVAL_MS) / NODES - performance.now()));
      if (stopped.signal.aborted) return;
      const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${nodeName(number % NODES)}`;
      const renewTime = new Date().toISOString().replace("Z", "000Z");
      const contentType = "application/merge-patch+json";
      await ask(session, { method: "PATCH", path, contentType, body: { spec: { renewTime } } }).catch(() => {
        if (!stopped.signal.aborted) failed++;
      });
    }
  };
  const all = Promise.all(Array.from({ length: WAYS }, renew));
  return {
    failed: () => failed,
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await connection[Symbol.asyncDispose]();
      await all;
    },
  };
}
