import type { Deployment } from "../api/apps/v1/deployment/deployment.ts";
import { deploymentKind } from "../api/apps/v1/deployment/deployment.ts";
import type { ReplicaSet } from "../api/apps/v1/replicaset/replicaset.ts";
import { replicaSetKind } from "../api/apps/v1/replicaset/replicaset.ts";
import type { Lease } from "../api/coordination/v1/lease/lease.ts";
import { leaseKind } from "../api/coordination/v1/lease/lease.ts";
import type { ConfigMap } from "../api/core/v1/configmap/configmap.ts";
import { configMapKind } from "../api/core/v1/configmap/configmap.ts";
import type { Endpoints } from "../api/core/v1/endpoints/endpoints.ts";
import { endpointsKind } from "../api/core/v1/endpoints/endpoints.ts";
import type { Namespace } from "../api/core/v1/namespace/namespace.ts";
import { namespaceKind } from "../api/core/v1/namespace/namespace.ts";
import type { Node } from "../api/core/v1/node/node.ts";
import { nodeKind } from "../api/core/v1/node/node.ts";
import type { PersistentVolume } from "../api/core/v1/persistentvolume/persistentvolume.ts";
import { persistentVolumeKind } from "../api/core/v1/persistentvolume/persistentvolume.ts";
import type { PersistentVolumeClaim } from "../api/core/v1/persistentvolumeclaim/persistentvolumeclaim.ts";
import { persistentVolumeClaimKind } from "../api/core/v1/persistentvolumeclaim/persistentvolumeclaim.ts";
import type { Pod } from "../api/core/v1/pod/pod.ts";
import { podKind } from "../api/core/v1/pod/pod.ts";
import { claimNames } from "../api/core/v1/pod/pod-claims.ts";
import type { Service } from "../api/core/v1/service/service.ts";
import { serviceKind } from "../api/core/v1/service/service.ts";
import type { ServiceAccount } from "../api/core/v1/serviceaccount/serviceaccount.ts";
import { serviceAccountKind } from "../api/core/v1/serviceaccount/serviceaccount.ts";
import type { EndpointSlice } from "../api/discovery/v1/endpointslice/endpointslice.ts";
import { endpointSliceKind } from "../api/discovery/v1/endpointslice/endpointslice.ts";
import type { KubeObject, ResourceReference } from "../api/resource-reference.ts";
import { LABEL } from "../api/well-known.ts";
import type { Cache, Indexes } from "../client/cache/cache.ts";
import type { CacheSource } from "../client/cache/cache-source.ts";
import { ownerIndex } from "./ownership/owner-index.ts";
import { claimOfVolume } from "./persistentvolumebinder/keys.ts";
import { podIndexes, serviceIndexes } from "./service-pods/service-membership.ts";

/** The objects that controllers read: one copy of each kind for all of them. */
export interface Caches {
  /**
   * Indexes: `label` (`namespace/name=value`), `node` (its name), `namespace`, `claim` (`namespace/name`), `controller`
   * (the owner's uid).
   */
  readonly pods: Cache<Pod>;
  /** Indexes: `selector` (`namespace/name=value` of the selector's first pair). */
  readonly services: Cache<Service>;
  readonly endpoints: Cache<Endpoints>;
  /** Indexes: `service` (`namespace/name` by the label `kubernetes.io/service-name`). */
  readonly endpointSlices: Cache<EndpointSlice>;
  readonly nodes: Cache<Node>;
  readonly namespaces: Cache<Namespace>;
  readonly serviceAccounts: Cache<ServiceAccount>;
  readonly configMaps: Cache<ConfigMap>;
  readonly leases: Cache<Lease>;
  /** Indexes: `namespace`. */
  readonly deployments: Cache<Deployment>;
  /** Indexes: `namespace`, `controller` (the owner's uid). */
  readonly replicaSets: Cache<ReplicaSet>;
  /** Indexes: `claim` (`namespace/name` of the claim that it names). */
  readonly persistentVolumes: Cache<PersistentVolume>;
  /** Indexes: `volume` (name of the volume that it names; empty for none). */
  readonly persistentVolumeClaims: Cache<PersistentVolumeClaim>;
}

/** The pods on a node, those in a namespace, those that use a claim, and those of one owner. */
const pods: Indexes<Pod> = {
  ...podIndexes,
  ...ownerIndex,
  node: (pod) => (pod.spec.nodeName ? [pod.spec.nodeName] : []),
  namespace: ({ metadata }) => [metadata.namespace ?? ""],
  claim: (pod) => claimNames(pod).map((name) => `${pod.metadata.namespace}/${name}`),
};

const inNamespace: Indexes<KubeObject> = { namespace: ({ metadata }) => [metadata.namespace ?? ""] };

const slices: Indexes<EndpointSlice> = {
  service: (slice) => {
    const name = slice.metadata.labels?.[LABEL.serviceName];
    return name === undefined ? [] : [`${slice.metadata.namespace}/${name}`];
  },
};

/** Opens one cache for each kind. @param source - Of the one identity that may read them all. */
export function openCaches(source: CacheSource): Caches {
  const start = <T extends KubeObject>(kind: ResourceReference<T>, indexes: Indexes<T> = {}): Cache<T> =>
    source.open(kind, { indexes });
  return {
    pods: start(podKind, pods),
    services: start(serviceKind, serviceIndexes),
    endpoints: start(endpointsKind),
    endpointSlices: start(endpointSliceKind, slices),
    nodes: start(nodeKind),
    namespaces: start(namespaceKind),
    serviceAccounts: start(serviceAccountKind),
    configMaps: start(configMapKind),
    leases: start(leaseKind),
    deployments: start(deploymentKind, inNamespace),
    replicaSets: start(replicaSetKind, { ...inNamespace, ...ownerIndex }),
    persistentVolumes: start(persistentVolumeKind, { claim: claimOfVolume }),
    persistentVolumeClaims: start(persistentVolumeClaimKind, { volume: ({ spec }) => [spec.volumeName ?? ""] }),
  };
}
