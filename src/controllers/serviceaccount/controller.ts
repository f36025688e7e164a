import { serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import { isAlreadyExists, isNamespaceTerminating } from "@fairlead/api/status-error";
import { keysFrom, startController } from "@fairlead/client/controller/run-controller";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { isNamespaceEnding } from "../namespace-ending.ts";

/** The service account that pods get which name none. */
const DEFAULT = "default";

/** Keeps a service account `default` in every namespace that is not on its way out. Keys are namespaces. */
export function startServiceAccountController({ clientFor, caches, log, clock, metrics }: ControllerContext) {
  const client = clientFor(controllerIdentity("service-account-controller"));

  async function reconcile(namespace: string, signal: AbortSignal): Promise<undefined> {
    if (caches.namespaces.get(namespace) === undefined || isNamespaceEnding(caches, namespace)) return;
    if (caches.serviceAccounts.get(`${namespace}/${DEFAULT}`) !== undefined) return;
    try {
      await client.create(serviceAccountKind, { metadata: { name: DEFAULT, namespace } }, { signal });
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
    }
  }

  return startController({
    name: "serviceaccount",
    sources: [
      keysFrom(caches.namespaces),
      keysFrom(caches.serviceAccounts, ({ before, after }) =>
        after === undefined && before?.metadata.name === DEFAULT ? [before.metadata.namespace ?? ""] : [],
      ),
    ],
    reconcile,
    log,
    clock,
    metrics,
  });
}
