import type { Namespace } from "@fairlead/api/core/v1/namespace/namespace";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { isNotFound } from "@fairlead/api/status-error";
import { keysFrom, type LookAgain, startController } from "@fairlead/client/controller/run-controller";
import { now } from "../api-time.ts";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { deletionConditions } from "./conditions.ts";
import { emptyNamespace } from "./empty-namespace.ts";

/** What keeps a namespace until its content is gone. */
const FINALIZER = "kubernetes";

/** Empties namespaces that were deleted, and then lets go of them. */
export function startNamespaceController({ clientFor, caches, log, clock, metrics }: ControllerContext) {
  const client = clientFor(controllerIdentity("namespace-controller"));

  async function reconcile(name: string, signal: AbortSignal): Promise<LookAgain | undefined> {
    const found = caches.namespaces.get(name);
    if (found === undefined || found.metadata.deletionTimestamp === undefined) return undefined;
    try {
      return await empty(await client.get(namespaceKind, { name }, { signal }), signal);
    } catch (error) {
      if (isNotFound(error)) return undefined; // Another client removed it first.
      throw error;
    }
  }

  async function empty(namespace: Namespace, signal: AbortSignal): Promise<LookAgain | undefined> {
    if (!(namespace.spec.finalizers ?? []).includes(FINALIZER)) return undefined;
    const { report, isEmpty, estimateSeconds } = await emptyNamespace(client, namespace.metadata.name, signal);
    const conditions = deletionConditions(namespace.status.conditions ?? [], report, now(clock));
    const phase = "Terminating" as const;
    const isSaid = conditions === undefined && namespace.status.phase === phase;
    const status = { ...namespace.status, phase, ...(conditions !== undefined && { conditions }) };
    const said = isSaid
      ? namespace
      : await client.update(namespaceKind, { ...namespace, status }, { subresource: "status", signal });
    if (!isEmpty) return { afterMs: (estimateSeconds / 2 + 1) * 1000 };
    const finalizers = (said.spec.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER);
    await client.update(
      namespaceKind,
      { ...said, spec: { ...said.spec, finalizers } },
      { subresource: "finalize", signal },
    );
    return undefined;
  }

  return startController({
    name: "namespace",
    sources: [
      keysFrom(caches.namespaces),
      // A pod that is gone may be the last that was waited for: there is no need to wait for longer.
      keysFrom(caches.pods, ({ before, after }) => {
        const namespace = before?.metadata.namespace ?? "";
        const isGoing = caches.namespaces.get(namespace)?.metadata.deletionTimestamp !== undefined;
        return after === undefined && isGoing && caches.pods.byIndex("namespace", namespace).length === 0
          ? [namespace]
          : [];
      }),
    ],
    reconcile,
    workers: 10,
    log,
    clock,
    metrics,
  });
}
