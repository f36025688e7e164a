import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import { type Lease, leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import { type Node, nodeKind } from "@fairlead/api/core/v1/node/node";
import type { PersistentVolumeClaim } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { persistentVolumeClaimKind } from "@fairlead/api/core/v1/persistentvolumeclaim/persistentvolumeclaim";
import { type Pod, podKind } from "@fairlead/api/core/v1/pod/pod";
import { serviceAccountKind } from "@fairlead/api/core/v1/serviceaccount/serviceaccount";
import type { Kind } from "@fairlead/api/kind";
import type { Draft } from "@fairlead/api/schema";
import { StatusError } from "@fairlead/api/status-error";
import { userNamed } from "../authz/attributes.testing.ts";
import { unionAuthorizer } from "../authz/union-authorizer.ts";
import type { AdmissionRequest } from "./admission.ts";
import { admissionRequest, lookupOf, podOf } from "./admission-request.testing.ts";
import { nodeRestriction } from "./node-restriction.ts";
import { taintNodesByCondition } from "./taint-nodes-by-condition.ts";

const user = userNamed("system:node:n1", "system:nodes");
const mirror = { annotations: { "kubernetes.io/config.mirror": "x" } };
const owner = { apiVersion: "v1", kind: "Node", name: "n1", uid: "node-1", controller: true };
const nobody = { apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "gone" };
const quoted = 'node "n1"';

const cases: { name: string; request: AdmissionRequest; want: string }[] = [
  { name: "its own Node", request: write(node("n1")), want: "passes" },
  { name: "another Node", request: write(node("n2")), want: `${quoted} is not allowed to modify node "n2"` },
  {
    name: "labels of a kubelet",
    request: write(node("n1", { "kubernetes.io/os": "linux", "node.kubernetes.io/x": "y", mine: "z" })),
    want: "passes",
  },
  {
    name: "a label that draws pods",
    request: write(node("n1", { "node-role.kubernetes.io/control-plane": "" })),
    want: `${quoted} is not allowed to set the following labels: node-role.kubernetes.io/control-plane`,
  },
  {
    name: "a restricted label taken away",
    request: write(node("n1"), node("n1", { "node-restriction.kubernetes.io/a": "b" })),
    want: "is not allowed to modify labels: node-restriction.kubernetes.io/a",
  },
  {
    name: "a taint taken away",
    request: write(node("n1"), node("n1", {}, [{ key: "k", effect: "NoSchedule" }])),
    want: `${quoted} is not allowed to modify taints`,
  },
  {
    name: "an owner for its own Node",
    request: write(node("n1"), { ...node("n1"), metadata: { ...node("n1").metadata, ownerReferences: [nobody] } }),
    want: `${quoted} is not allowed to modify ownerReferences`,
  },
  {
    name: "a Node with a configSource",
    request: write(withConfigSource("a")),
    want: `${quoted} is not allowed to create pods with a non-nil configSource`,
  },
  {
    name: "another configSource",
    request: write(withConfigSource("a"), withConfigSource("b")),
    want: `${quoted} is not allowed to update configSource to a new non-nil configSource`,
  },
  {
    name: "the configSource that it has",
    request: write(withConfigSource("a"), withConfigSource("a")),
    want: "passes",
  },
  { name: "its configSource taken away", request: write(node("n1"), withConfigSource("a")), want: "passes" },
  {
    name: "a pod that is no mirror",
    request: pod({ nodeName: "n1" }),
    want: `pod does not have "kubernetes.io/config.mirror" annotation, ${quoted} can only create mirror pods`,
  },
  {
    name: "a mirror pod of its own",
    request: pod({ nodeName: "n1" }, { ...mirror, ownerReferences: [owner] }),
    want: "passes",
  },
  {
    name: "a mirror pod of another node",
    request: pod({ nodeName: "n2" }, mirror),
    want: `${quoted} can only create pods with spec.nodeName set to itself`,
  },
  {
    name: "a mirror pod without an owner",
    request: pod({ nodeName: "n1" }, mirror),
    want: `${quoted} can only create pods with an owner reference set to itself`,
  },
  {
    name: "a mirror pod of a Node of the past",
    request: pod({ nodeName: "n1" }, { ...mirror, ownerReferences: [{ ...owner, uid: "node-0" }] }),
    want: "node n1 UID mismatch: expected node-0 got node-1",
  },
  {
    name: "a mirror pod with a Secret",
    request: pod(
      { nodeName: "n1", volumes: [{ name: "v", secret: { secretName: "s" } }] },
      { ...mirror, ownerReferences: [owner] },
    ),
    want: `${quoted} can not create pods that reference secrets`,
  },
  {
    name: "a mirror pod with a ResourceClaim",
    request: pod(
      { nodeName: "n1", resourceClaims: [{ name: "gpu", resourceClaimName: "gpu" }] },
      { ...mirror, ownerReferences: [owner] },
    ),
    want: `${quoted} can not create pods that reference resourceclaims`,
  },
  {
    name: "claims along with a status",
    request: status("n1", {}, { resourceClaimStatuses: [{ name: "gpu", resourceClaimName: "other" }] }),
    want: `${quoted} cannot update resource claim statues`,
  },
  {
    name: "a claim for extended resources along with a status",
    request: status("n1", {}, { extendedResourceClaimStatus: { resourceClaimName: "other", requestMappings: [] } }),
    want: `${quoted} cannot update extended resource claim status`,
  },
  { name: "the status of its pod", request: status("n1"), want: "passes" },
  {
    name: "the status of another node's pod",
    request: status("n2"),
    want: `${quoted} can only update pod status for pods with spec.nodeName set to itself`,
  },
  {
    name: "labels along with a status",
    request: status("n1", { labels: { app: "x" } }),
    want: `${quoted} cannot update labels through pod status`,
  },
  { name: "the end of its pod", request: { ...pod({ nodeName: "n1" }), operation: "delete" }, want: "passes" },
  {
    name: "the end of another node's pod",
    request: { ...pod({ nodeName: "n2" }), operation: "delete" },
    want: `${quoted} can only delete pods with spec.nodeName set to itself`,
  },
  { name: "a claim itself", request: { ...claimStatus({}), subresource: "" }, want: "may only update PVC status" },
  { name: "the size of a claim", request: claimStatus({ capacity: { storage: "6Gi" } }), want: "passes" },
  {
    name: "the phase of a claim",
    request: claimStatus({ phase: "Lost" }),
    want: `${quoted} is not allowed to update fields other than status.quantity and status.conditions`,
  },
  { name: "its own lease", request: write(lease("n1")), want: "passes" },
  {
    name: "another node's lease",
    request: write(lease("n2")),
    want: "can only access node lease with the same name as the requesting node",
  },
  {
    name: "another user's writes pass",
    request: { ...write(node("n2")), user: userNamed("alice") },
    want: "passes",
  },
  { name: "the eviction of its own pod", request: below(podKind, "p", "eviction"), want: "passes" },
  {
    name: "the eviction of another node's pod",
    request: below(podKind, "elsewhere", "eviction"),
    want: "node n1 can only evict pods with spec.nodeName set to itself",
  },
  {
    name: "the eviction of no pod",
    request: below(podKind, "gone", "eviction"),
    want: 'pods "gone" not found',
  },
  {
    name: "a binding",
    request: below(podKind, "p", "binding"),
    want: "unexpected pod subresource \"binding\", only 'status' and 'eviction' are allowed",
  },
  {
    name: "a token that is bound to nothing",
    request: below(serviceAccountKind, "default", "token", { spec: { audiences: [] } }),
    want: "node requested token not bound to a pod",
  },
  {
    name: "a token for another node's pod",
    request: below(serviceAccountKind, "default", "token", { spec: tokenFor("elsewhere") }),
    want: "node requested token bound to a pod scheduled on a different node",
  },
  {
    name: "a kubelet without a name",
    request: { ...write(node("n1")), user: userNamed("system:node:", "system:nodes") },
    want: 'could not determine node from user "system:node:"',
  },
];

for (const { name, request, want } of cases) {
  test(`NodeRestriction: ${name}`, async () => {
    const plugin = nodeRestriction({
      nodes: lookupOf({ n1: node("n1") }),
      pods: lookupOf({
        "shop/p": podOf({ nodeName: "n1" }),
        "shop/elsewhere": podOf({ nodeName: "n2" }, { uid: "pod-1" }),
      }),
      authorizer: unionAuthorizer([]),
    });
    try {
      await plugin.validate?.(request);
      assert.equal("passes", want);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      assert.equal(error.message.replace(/^\S+ "[^"]*" is forbidden: /, ""), want);
    }
  });
}

test("TaintNodesByCondition: a new node takes no pods until it is ready, an old one is left alone", async () => {
  const taints = async (request: AdmissionRequest) => {
    const admitted = await taintNodesByCondition.admit?.(request);
    return (admitted as Node | undefined)?.spec.taints;
  };
  const notReady = { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" as const };
  assert.deepEqual(await taints(write(node("n1"))), [notReady]);
  assert.deepEqual(await taints(write(node("n1", {}, [notReady]))), [notReady]);
  assert.deepEqual(await taints(write(node("n1"), node("n1"))), []);
});

function write(object: Node | Lease, previous?: Node): AdmissionRequest {
  return "status" in object
    ? admissionRequest({ kind: nodeKind, object, user, ...(previous !== undefined && { previous }) })
    : admissionRequest({ kind: leaseKind, object, user });
}

/** The creation of something below an object, whose kind does not matter to the plugin. */
function below(kind: Pick<Kind, "group" | "version" | "plural">, name: string, subresource: string, object = {}) {
  const metadata = { name, namespace: "shop" };
  const parts = { kind: podKind, object: podOf({}, metadata), subresource, user };
  const { object: _, ...request } = admissionRequest(parts);
  return { ...request, resource: kind, object: { metadata, ...object } } as unknown as AdmissionRequest;
}

function tokenFor(pod: string) {
  return { audiences: [], boundObjectRef: { apiVersion: "v1", kind: "Pod", name: pod, uid: "pod-1" } };
}

function pod(spec: object, metadata: object = {}): AdmissionRequest {
  return admissionRequest({ kind: podKind, object: podOf(spec, metadata), user });
}

function status(nodeName: string, metadata: object = {}, change: object = {}): AdmissionRequest {
  const previous = podOf({ nodeName });
  return admissionRequest({
    kind: podKind,
    object: { ...podOf({ nodeName }, metadata), status: change as Pod["status"] },
    previous,
    subresource: "status",
    user,
  });
}

function claimStatus(change: Draft<PersistentVolumeClaim["status"]>): AdmissionRequest {
  const claim = (status: Draft<PersistentVolumeClaim["status"]>) =>
    complete(persistentVolumeClaimKind, { metadata: { name: "c", namespace: "shop" }, status });
  const before = { phase: "Bound", capacity: { storage: "5Gi" } };
  return admissionRequest({
    kind: persistentVolumeClaimKind,
    object: claim({ ...before, ...change }),
    previous: claim(before),
    subresource: "status",
    user,
  });
}

function node(name: string, labels: Record<string, string> = {}, taints: Node["spec"]["taints"] = []): Node {
  const metadata = { name, uid: "node-1", resourceVersion: "", creationTimestamp: "", labels };
  return { apiVersion: "v1", kind: "Node", metadata, spec: { taints }, status: {} } as unknown as Node;
}

function withConfigSource(name: string): Node {
  const configMap = { name, namespace: "kube-system", kubeletConfigKey: "kubelet" };
  return { ...node("n1"), spec: { configSource: { configMap } } };
}

function lease(name: string): Lease {
  const metadata = { name, namespace: "kube-node-lease", uid: "", resourceVersion: "", creationTimestamp: "" };
  return { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec: {} };
}
