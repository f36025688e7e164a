import { replicaSetKind } from "../../../src/api/apps/v1/replicaset/replicaset.ts";
import { leaseKind } from "../../../src/api/coordination/v1/lease/lease.ts";
import { configMapKind } from "../../../src/api/core/v1/configmap/configmap.ts";
import { namespaceKind } from "../../../src/api/core/v1/namespace/namespace.ts";
import { nodeKind } from "../../../src/api/core/v1/node/node.ts";
import { serviceAccountKind } from "../../../src/api/core/v1/serviceaccount/serviceaccount.ts";
import type { Kind } from "../../../src/api/kind.ts";
import type { KubeObject } from "../../../src/api/resource-reference.ts";
import { objectKey } from "../../../src/apiserver/registry/keys.ts";
import { planRootCA } from "../../../src/controllers/rootca/plan.ts";
import {
  addressOn,
  hashOf,
  NAMESPACES,
  NODES,
  namespaceName,
  nodeAddress,
  nodeName,
  type Placement,
  uidOf,
} from "./placement.ts";
import { podLabels, templateSpec } from "./pod-spec.ts";
import { appOf, TIME } from "./pod-text.ts";
import { storedText } from "./stored-text.ts";

/** One object as it goes into the store. */
export interface Entry {
  readonly key: string;
  readonly text: string;
}

/**
 * Everything but the pods: namespaces with what controllers put into each, nodes that are Ready, with their leases, and
 * ReplicaSets whose status is right. Controllers find nothing to do.
 */
export function* clusterObjects(placement: Placement, rootCA: string): Generator<Entry> {
  for (let number = 0; number < NAMESPACES; number++) yield* namespaceObjects(number, rootCA);
  for (let number = 0; number < NODES; number++) yield* nodeObjects(number);
  for (let number = 0; number < placement.replicaSets; number++) yield replicaSet(placement, number);
}

function entry<T extends KubeObject, M extends Metadata>(
  kind: Kind<T>,
  draft: { readonly metadata: M } & Readonly<Record<string, unknown>>,
): Entry {
  const { namespace = "", name } = draft.metadata;
  return { key: objectKey(kind, namespace, name), text: storedText(kind, draft) };
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
}

function* namespaceObjects(number: number, rootCA: string): Generator<Entry> {
  const namespace = namespaceName(number);
  const labels = { "kubernetes.io/metadata.name": namespace };
  yield entry(namespaceKind, {
    metadata: { ...systemFields("4a3e0000", number), name: namespace, labels },
    ...{ spec: { finalizers: ["kubernetes"] }, status: { phase: "Active" } },
  });
  yield entry(serviceAccountKind, {
    metadata: { ...systemFields("5acc0000", number), namespace, name: "default" },
  });
  const certificates = planRootCA(namespace, { rootCA, current: undefined });
  if (certificates === undefined) throw new Error("The controller would not make the ConfigMap of a new namespace");
  const metadata = { ...certificates.metadata, ...systemFields("c0f10000", number), namespace };
  yield entry(configMapKind, { ...certificates, metadata: { ...metadata, name: "kube-root-ca.crt" } });
}

function* nodeObjects(number: number): Generator<Entry> {
  const name = nodeName(number);
  const podCIDR = `${addressOn(number, 0)}/24`;
  const room = { cpu: "16", memory: "64Gi", "ephemeral-storage": "200Gi", pods: "254" };
  const system = { "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" };
  yield entry(nodeKind, {
    metadata: { ...systemFields("40de0000", number), name, labels: { ...system, "kubernetes.io/hostname": name } },
    spec: { podCIDR, podCIDRs: [podCIDR] },
    status: {
      ...{ capacity: room, allocatable: room, conditions: nodeConditions, nodeInfo: nodeInfo(number) },
      addresses: [
        { type: "InternalIP", address: nodeAddress(number) },
        { type: "Hostname", address: name },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    },
  });
  yield entry(leaseKind, {
    metadata: { ...systemFields("1ea50000", number), namespace: "kube-node-lease", name },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: `${TIME.slice(0, -1)}.000000Z` },
  });
}

const nodeConditions = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"].map((type) => ({
  type,
  status: type === "Ready" ? "True" : "False",
  lastHeartbeatTime: TIME,
  lastTransitionTime: TIME,
  reason: type === "Ready" ? "KubeletReady" : `KubeletHasNo${type}`,
  message: type === "Ready" ? "kubelet is posting ready status" : `kubelet has no ${type}`,
}));

function nodeInfo(number: number) {
  const id = uidOf("3ac40000", number);
  return {
    ...{ machineID: id.replaceAll("-", ""), systemUUID: id, bootID: id, kernelVersion: "6.12.0" },
    ...{ osImage: "Debian GNU/Linux 13 (trixie)", containerRuntimeVersion: "containerd://2.1.4" },
    ...{ kubeletVersion: "v1.35.0", kubeProxyVersion: "", operatingSystem: "linux", architecture: "amd64" },
  };
}

function replicaSet(placement: Placement, number: number): Entry {
  const { namespace, name, replicas } = placement.replicaSet(number);
  const labels = { ...podLabels(appOf(name)), "pod-template-hash": hashOf(number) };
  const annotations = { "kubectl.kubernetes.io/restartedAt": TIME };
  return entry(replicaSetKind, {
    metadata: { ...systemFields("5e700000", number), namespace, name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: templateSpec() },
    },
    status: {
      ...{ replicas, fullyLabeledReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas },
      observedGeneration: 1,
    },
  });
}

function systemFields(kind: string, number: number) {
  return { uid: uidOf(kind, number), creationTimestamp: TIME };
}
