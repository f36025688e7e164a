import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "@fairlead/api/complete.testing";
import type { PersistentVolume } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import { persistentVolumeKind } from "@fairlead/api/core/v1/persistentvolume/persistentvolume";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { attributesOf, userNamed } from "./attributes.testing.ts";
import { nodeAuthorizer } from "./node-authorizer.ts";
import { createNodeGraph } from "./node-graph.ts";

const kubelet = userNamed("system:node:n1", "system:nodes");
const unrelated = "no relationship found between node 'n1' and this object";

const cases: { name: string; asked: string; user?: typeof kubelet; want: string }[] = [
  { name: "a Secret in a volume of its pod", asked: "get secrets shop/in-volume", want: "allow" },
  { name: "a Secret in the environment of its pod", asked: "watch secrets shop/in-env", want: "allow" },
  { name: "a Secret that pulls its pod's image", asked: "get secrets shop/pull", want: "allow" },
  { name: "a Secret of a pod elsewhere", asked: "get secrets shop/elsewhere", want: unrelated },
  { name: "a Secret of that name in another namespace", asked: "get secrets other/in-volume", want: unrelated },
  { name: "all Secrets", asked: "list secrets /", want: "can only read namespaced object of this type" },
  { name: "all Secrets of a namespace", asked: "list secrets shop/", want: "No Object name found" },
  {
    name: "no writes of Secrets",
    asked: "update secrets shop/in-volume",
    want: "can only read resources of this type",
  },
  { name: "a ConfigMap in a projected volume", asked: "get configmaps shop/projected", want: "allow" },
  { name: "a claim of its pod", asked: "get persistentvolumeclaims shop/data", want: "allow" },
  {
    name: "no list of claims",
    asked: "list persistentvolumeclaims shop/",
    want: "can only get individual resources of this type",
  },
  { name: "the volume of its pod's claim", asked: "get persistentvolumes /disk", want: "allow" },
  { name: "a volume of another claim", asked: "get persistentvolumes /other-disk", want: unrelated },
  { name: "an unclaimed volume", asked: "get persistentvolumes /free-disk", want: unrelated },
  {
    name: "no watch of volumes",
    asked: "watch persistentvolumes /disk",
    want: "can only get individual resources of this type",
  },
  { name: "a token for its pod's account", asked: "create serviceaccounts/token shop/robot", want: "allow" },
  { name: "its pod's account", asked: "get serviceaccounts shop/robot", want: "allow" },
  { name: "another account", asked: "get serviceaccounts shop/admin", want: unrelated },
  { name: "a token for another account", asked: "create serviceaccounts/token shop/admin", want: unrelated },
  { name: "a ResourceClaim of its pod", asked: "get resourceclaims.resource.k8s.io shop/gpu", want: "allow" },
  { name: "a ResourceClaim made for its pod", asked: "get resourceclaims.resource.k8s.io shop/made", want: "allow" },
  { name: "a ResourceClaim that no pod uses", asked: "get resourceclaims.resource.k8s.io shop/other", want: unrelated },
  { name: "a VolumeAttachment", asked: "get volumeattachments.storage.k8s.io /a", want: unrelated },
  {
    name: "all VolumeAttachments",
    asked: "list volumeattachments.storage.k8s.io /",
    want: "can only get individual resources of this type",
  },
  { name: "its own CSINode", asked: "patch csinodes.storage.k8s.io /n1", want: "allow" },
  { name: "a new CSINode", asked: "create csinodes.storage.k8s.io /", want: "allow" },
  {
    name: "another node's CSINode",
    asked: "patch csinodes.storage.k8s.io /n2",
    want: "can only access CSINode with the same name as the requesting node",
  },
  {
    name: "all CSINodes",
    asked: "list csinodes.storage.k8s.io /",
    want: "can only get, create, update, patch, or delete a CSINode",
  },
  { name: "a new ResourceSlice", asked: "create resourceslices.resource.k8s.io /", want: "allow" },
  { name: "its own ResourceSlices", asked: "list resourceslices.resource.k8s.io / spec.nodeName=n1", want: "allow" },
  {
    name: "all ResourceSlices",
    asked: "deletecollection resourceslices.resource.k8s.io /",
    want: "can only list/watch/deletecollection resourceslices with nodeName field selector",
  },
  { name: "a ResourceSlice of no node", asked: "delete resourceslices.resource.k8s.io /s", want: unrelated },
  { name: "its own lease", asked: "update leases.coordination.k8s.io kube-node-lease/n1", want: "allow" },
  {
    name: "another node's lease",
    asked: "update leases.coordination.k8s.io kube-node-lease/n2",
    want: "can only access node lease with the same name as the requesting node",
  },
  {
    name: "a lease elsewhere",
    asked: "get leases.coordination.k8s.io kube-system/n1",
    want: 'can only access leases in the "kube-node-lease" system namespace',
  },
  { name: "its own Node", asked: "watch nodes /n1", want: "allow" },
  { name: "another Node", asked: "get nodes /n2", want: "node 'n1' cannot read 'n2', only its own Node object" },
  { name: "all Nodes", asked: "list nodes /", want: "node 'n1' cannot read all nodes, only its own Node object" },
  { name: "its own pods by selector", asked: "list pods / spec.nodeName=n1", want: "allow" },
  {
    name: "pods of another node",
    asked: "list pods / spec.nodeName=n2",
    want: "can only list/watch pods with spec.nodeName field selector",
  },
  {
    name: "pods by a value that looks like its selector",
    asked: "list pods / metadata.name!=a\\,spec.nodeName=n1",
    want: "can only list/watch pods with spec.nodeName field selector",
  },
  { name: "a pod bound to it", asked: "get pods shop/here", want: "allow" },
  { name: "a pod bound elsewhere", asked: "get pods shop/there", want: unrelated },
  { name: "the status of pods", asked: "patch pods/status shop/here", want: "allow" },
  { name: "no binding of pods", asked: "create pods/binding shop/here", want: "" },
  { name: "what every node may do", asked: "list services /", want: "allow" },
  { name: "and nothing else", asked: "delete services shop/a", want: "" },
  { name: "a user who is no node", asked: "list services /", user: userNamed("alice"), want: "" },
  {
    name: "a member of the group who is no node",
    asked: "list services /",
    user: userNamed("mallory", "system:nodes"),
    want: "",
  },
  {
    name: "a node without a name",
    asked: "list services /",
    user: userNamed("system:node:", "system:nodes"),
    want: 'unknown node for user "system:node:"',
  },
  { name: "a node's name without the group", asked: "list services /", user: userNamed("system:node:n1"), want: "" },
];

for (const { name, asked, user = kubelet, want } of cases) {
  test(`nodeAuthorizer: ${name}`, () => {
    const decision = nodeAuthorizer({
      graph: example(),
      nodeRules: [{ verbs: ["get", "list", "watch"], apiGroups: [""], resources: ["services"] }],
    }).authorize(attributesOf(asked, user));
    assert.equal(decision.verdict === "allow" ? "allow" : decision.reason, want);
  });
}

test("nodeAuthorizer: what a pod needed is out of reach once the pod is gone, unless another one needs it", () => {
  const graph = createNodeGraph();
  graph.setPod("shop/a", pod("a", "n1", { imagePullSecrets: [{ name: "pull" }] }));
  graph.setPod("shop/b", pod("b", "n1", { imagePullSecrets: [{ name: "pull" }] }));
  graph.setPod("shop/a", undefined);
  assert.equal(graph.needs("n1", "secrets", "shop", "pull"), true);
  graph.setPod("shop/b", undefined);
  assert.equal(graph.needs("n1", "secrets", "shop", "pull"), false);
});

test("nodeAuthorizer: a mirror pod opens nothing", () => {
  const graph = createNodeGraph();
  const mirror = pod("m", "n1", { imagePullSecrets: [{ name: "pull" }] });
  const annotations = { "kubernetes.io/config.mirror": "x" };
  graph.setPod("shop/m", { ...mirror, metadata: { ...mirror.metadata, annotations } });
  assert.equal(graph.needs("n1", "secrets", "shop", "pull"), false);
  assert.equal(graph.needs("n1", "pods", "shop", "m"), true);
});

function example() {
  const graph = createNodeGraph();
  graph.setPod(
    "shop/here",
    pod(
      "here",
      "n1",
      {
        serviceAccountName: "robot",
        resourceClaims: [
          { name: "gpu", resourceClaimName: "gpu" },
          { name: "nic", resourceClaimTemplateName: "nic" },
        ],
        imagePullSecrets: [{ name: "pull" }],
        containers: [{ name: "c", env: [{ name: "E", valueFrom: { secretKeyRef: { name: "in-env", key: "k" } } }] }],
        volumes: [
          { name: "v", secret: { secretName: "in-volume" } },
          { name: "p", projected: { sources: [{ configMap: { name: "projected" } }] } },
          { name: "d", persistentVolumeClaim: { claimName: "data" } },
        ],
      },
      { resourceClaimStatuses: [{ name: "nic", resourceClaimName: "made" }] },
    ),
  );
  for (const [name, claim] of Object.entries({ disk: "data", "other-disk": "other", "free-disk": undefined })) {
    graph.setVolume(name, volume(name, claim));
  }
  graph.setPod("shop/there", pod("there", "n2", { volumes: [{ name: "v", secret: { secretName: "elsewhere" } }] }));
  return graph;
}

function pod(name: string, nodeName: string, spec: object, status: object = {}): Pod {
  const metadata = { name, namespace: "shop", uid: name, resourceVersion: "", creationTimestamp: "" };
  // Only what the graph looks at.
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata,
    spec: { nodeName, containers: [], ...spec },
    status,
  } as unknown as Pod;
}

function volume(name: string, claim: string | undefined): PersistentVolume {
  const claimRef = claim === undefined ? undefined : { namespace: "shop", name: claim };
  return complete(persistentVolumeKind, { metadata: { name }, spec: { claimRef } });
}
