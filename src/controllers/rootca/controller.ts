import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import { isAlreadyExists, isNamespaceTerminating } from "@fairlead/api/status-error";
import { keysFrom, startController } from "@fairlead/client/controller/run-controller";
import { type ControllerContext, controllerIdentity } from "../controller-context.ts";
import { isNamespaceEnding } from "../namespace-ending.ts";
import { CONFIG_MAP_NAME, planRootCA } from "./plan.ts";

/** Keeps the ConfigMap `kube-root-ca.crt` in every namespace that is not on its way out. Keys are namespaces. */
export function startRootCAController({ clientFor, caches, options, log, clock, metrics }: ControllerContext) {
  const client = clientFor(controllerIdentity("root-ca-cert-publisher"));

  async function reconcile(namespace: string, signal: AbortSignal): Promise<undefined> {
    if (caches.namespaces.get(namespace) === undefined || isNamespaceEnding(caches, namespace)) return;
    const current = caches.configMaps.get(`${namespace}/${CONFIG_MAP_NAME}`);
    const wanted = planRootCA(namespace, { rootCA: options.rootCA, current });
    if (wanted === undefined) return;
    try {
      // A plan for a ConfigMap that is there already keeps what the API server needs of it.
      if (current === undefined) await client.create(configMapKind, wanted, { signal });
      else await client.update(configMapKind, wanted as ConfigMap, { signal });
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error;
    }
  }

  return startController({
    name: "rootca",
    sources: [
      keysFrom(caches.namespaces),
      keysFrom(caches.configMaps, ({ before, after }) => {
        const { name, namespace = "" } = (after ?? before)?.metadata ?? {};
        return name === CONFIG_MAP_NAME ? [namespace] : [];
      }),
    ],
    reconcile,
    log,
    clock,
    metrics,
  });
}
