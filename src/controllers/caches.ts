import type { Deployment } from "@fairlead/api/apps/v1/deployment/deployment";
import { deploymentKind } from "@fairlead/api/apps/v1/deployment/deployment";
import type { ReplicaSet } from "@fairlead/api/apps/v1/replicaset/replicaset";
import { replicaSetKind } from "@fairlead/api/apps/v1/replicaset/replicaset";
import type { Lease } from "@fairlead/api/coordination/v1/lease/lease";
import { leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import type { ConfigMap } from "@fairlead/api/core/v1/configmap/configmap";
import { configMapKind } from "@fairlead/api/core/v1/configmap/configmap";
import type { Endpoints } from "@fairlead/api/core/v1/endpoints/endpoints";
import { endpointsKind } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { Namespace } from "@fairlead/api/core/v1/namespace/namespace";
import { namespaceKind } from "@fairlead/api/core/v1/namespace/namespace";
import type { Node } from "@fairlead/api/core/v1/node/node";
import { nodeKind } from "@fairlead/api/core/v1/node/node";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import { claimNames } from "@fairlead/api/core/v1/pod/pod-claims";
import type { ReplicationController } from "@fairlead/api/core/v1/replicationcontroller/replicationcontroller";
import { replicationControllerKind } from "@fairlead/api/core/v1/replicationcontroller/replicationcontroller";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { serviceKind } from "@fairlead/api/core/v1/service/service";
import type { ServiceAccount } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import { serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { endpointSliceKind } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import { LABEL } from "@fairlead/api/well-known";
import type { Cache, Indexes } from "@fairlead/client/cache/cache";
import type { CacheSource } from "@fairlead/client/cache/cache-source";
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
  /** Indexes: `namespace`, `controller` (the owner's uid). */
  readonly replicationControllers: Cache<ReplicationController>;
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
    replicationControllers: start(replicationControllerKind, { ...inNamespace, ...ownerIndex }),
    persistentVolumes: start(persistentVolumeKind, { claim: claimOfVolume }),
    persistentVolumeClaims: start(persistentVolumeClaimKind, { volume: ({ spec }) => [spec.volumeName ?? ""] }),
  };
}
