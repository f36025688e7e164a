import { type Namespace, namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import { type Node, nodeKind } from "@fairlead/api/core/v1/node/node";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { type Pod, podKind } from "@fairlead/api/core/v1/pod/pod";
import { type ServiceAccount, serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import type { Kind } from "@fairlead/api/kind";
import { type ClusterRole, clusterRoleKind } from "@fairlead/api/rbac/v1/clusterrole/clusterrole";
import { clusterRoleBindingKind } from "@fairlead/api/rbac/v1/clusterrolebinding/clusterrolebinding";
import { roleKind } from "@fairlead/api/rbac/v1/role/role";
import { roleBindingKind } from "@fairlead/api/rbac/v1/rolebinding/rolebinding";
import type { KubeObject } from "@fairlead/api/resource-reference";
import type { Cache } from "@fairlead/client/cache/cache";
import type { CacheSource } from "@fairlead/client/cache/cache-source";
import { type Running, running } from "@fairlead/lib/running";
import type { NodeGraph } from "./authz/node-graph.ts";
import type { RbacIndex } from "./authz/rbac-index.ts";

/** The objects that decisions depend on, kept current. */
export interface PolicyCaches {
  readonly namespaces: Cache<Namespace>;
  readonly serviceAccounts: Cache<ServiceAccount>;
  readonly pods: Cache<Pod>;
  readonly nodes: Cache<Node>;
  readonly clusterRoles: Cache<ClusterRole>;
  /** Resolves once everything has been listed. */
  readonly synced: Promise<void>;
  readonly running: Running;
}

/** What the caches keep in step. */
export interface PolicyCachesOptions {
  readonly rbac: RbacIndex;
  readonly graph: NodeGraph;
}

/** Follows what policy decides from, and keeps the RBAC index and the node graph in step. */
export function openPolicyCaches(source: CacheSource, { rbac, graph }: PolicyCachesOptions): PolicyCaches {
  const started: Cache<KubeObject>[] = [];

  function start<T extends KubeObject>(
    kind: Kind<T>,
    changed?: (key: string, object: T | undefined) => void,
  ): Cache<T> {
    const cache = source.open(kind);
    if (changed !== undefined) cache.onChange(({ key, after }) => changed(key, after));
    // Only waited for and stopped, whatever its kind.
    started.push(cache as unknown as Cache<KubeObject>);
    return cache;
  }

  start(roleKind, rbac.setRole);
  const clusterRoles = start(clusterRoleKind, rbac.setClusterRole);
  start(roleBindingKind, rbac.setRoleBinding);
  start(clusterRoleBindingKind, rbac.setClusterRoleBinding);
  const namespaces = start(namespaceKind);
  const serviceAccounts = start(serviceAccountKind);
  const pods = start(podKind, graph.setPod);
  start(persistentVolumeKind, graph.setVolume);
  const nodes = start(nodeKind);
  return {
    namespaces,
    serviceAccounts,
    pods,
    nodes,
    clusterRoles,
    synced: Promise.all(started.map((cache) => cache.synced)).then(() => {}),
    running: running(async () => {
      await Promise.all(started.map((cache) => cache.stop()));
    }),
  };
}
