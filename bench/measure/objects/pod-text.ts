import { type Pod, podKind } from "../../../src/api/core/v1/pod/pod.ts";
import type { Manager } from "../../../src/apiserver/apply/managers.ts";
import { trackWrite } from "../../../src/apiserver/apply/track-write.ts";
import { hashOf, nodeAddress, nodeName, type Placement, uidOf } from "./placement.ts";
import { admittedSpec, podLabels, templateSpec } from "./pod-spec.ts";
import { assertStoredForm, storedText, withDefaults } from "./stored-text.ts";

/** Returns pods as the API server keeps them, by number. */
export type PodText = (number: number) => string;

/** The time of everything that happened to the pods. */
export const TIME = "2026-01-05T09:30:00Z";

/**
 * Pods of a Deployment that are Running and Ready, with the `managedFields` that the API server computes of the writes of
 * two programs. The first pod is checked to be in stored form; the others differ from it in names, identities and addresses.
 */
export function podTexts(placement: Placement): PodText {
  const pieces = templateText().split(/\{\{(\w+)\}\}/);
  const text = (number: number) => {
    const values = valuesOf(placement, number);
    return pieces.map((piece, i) => (i % 2 === 0 ? piece : values[piece])).join("");
  };
  assertStoredForm(podKind, text(0));
  return text;
}

/** `web-3-7d9cbbbbb` → `web-3`. */
export function appOf(replicaSet: string): string {
  return replicaSet.slice(0, replicaSet.lastIndexOf("-"));
}

/** What stands for each `{{word}}` of the template. */
function valuesOf(placement: Placement, number: number): Readonly<Record<string, string>> {
  const { namespace, name, owner, node, address } = placement.pod(number);
  const set = placement.replicaSet(owner);
  return {
    name,
    namespace,
    address,
    uid: uidOf("90d00000", number),
    set: set.name,
    setUid: uidOf("5e700000", owner),
    app: appOf(set.name),
    hash: hashOf(owner),
    node: nodeName(node),
    nodeAddress: nodeAddress(node),
    volume: name.slice(-5),
    container: number.toString(16).padStart(8, "0"),
  };
}

function templateText(): string {
  const created = written(undefined, withDefaults(podKind, draft), "kube-controller-manager", "");
  const admitted = withDefaults(podKind, { ...created, spec: admittedSpec("{{volume}}") });
  const running = written(admitted, withStatus(admitted, runningStatus()), "kubelet", "status");
  return storedText(podKind, { ...running, spec: { ...running.spec, nodeName: "{{node}}" } });
}

/** Returns the pod with the account of what this write changed. */
function written(previous: Pod | undefined, wanted: Pod, name: string, subresource: string): Pod {
  const manager: Manager = { name, operation: "Update", apiVersion: "v1", subresource };
  const forms = new Map([["v1", { kind: podKind, previous, wanted }]]);
  const managedFields = trackWrite({ forms, manager, time: TIME });
  if (managedFields === undefined) throw new Error(`The write of ${name} changes no field`);
  return { ...wanted, metadata: { ...wanted.metadata, managedFields } };
}

function withStatus(pod: Pod, status: object): Pod {
  return withDefaults(podKind, { ...pod, status });
}

const draft = {
  metadata: {
    name: "{{name}}",
    generateName: "{{set}}-",
    namespace: "{{namespace}}",
    uid: "{{uid}}",
    creationTimestamp: TIME,
    labels: { ...podLabels("{{app}}"), "pod-template-hash": "{{hash}}" },
    annotations: { "kubectl.kubernetes.io/restartedAt": TIME },
    ownerReferences: [
      {
        ...{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "{{set}}", uid: "{{setUid}}" },
        ...{ controller: true, blockOwnerDeletion: true },
      },
    ],
  },
  spec: templateSpec(),
};

function runningStatus(): object {
  const types = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"];
  return {
    phase: "Running",
    conditions: types.map((type) => ({ type, status: "True", observedGeneration: 1, lastTransitionTime: TIME })),
    containerStatuses: templateSpec().containers.map(({ name, image }, i) => ({
      ...{ name, image, ready: true, started: true, restartCount: 0 },
      imageID: `registry.local/${name}@sha256:${"3f".repeat(32)}`,
      containerID: `containerd://{{container}}${"a7".repeat(27)}0${i}`,
      state: { running: { startedAt: TIME } },
    })),
    qosClass: "Burstable",
    startTime: TIME,
    observedGeneration: 1,
    ...{ podIP: "{{address}}", podIPs: [{ ip: "{{address}}" }] },
    ...{ hostIP: "{{nodeAddress}}", hostIPs: [{ ip: "{{nodeAddress}}" }] },
  };
}
