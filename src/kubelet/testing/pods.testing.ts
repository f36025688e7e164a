import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Draft } from "@fairlead/api/schema";
import type { RuntimeContainer, Sandbox } from "../runtime/pod-runtime.ts";
import type { PodState } from "../sync/pod-state.ts";

/** A pod as the API server would answer it, for tables: containers are `{ name }` and what the row is about. */
export function testPod(spec: Draft<Pod["spec"]> = {}, metadata: Draft<Pod["metadata"]> = {}): Pod {
  const filled = (containers: readonly Draft<Pod["spec"]["containers"][number]>[] = []) =>
    containers.map((c) => ({ image: "app:1", resources: {}, imagePullPolicy: "IfNotPresent", ...c }));
  const { containers = [{ name: "app" }], initContainers } = spec;
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "web",
      namespace: "shop",
      uid: "uid-1",
      resourceVersion: "1",
      creationTimestamp: "",
      ...metadata,
    },
    spec: {
      restartPolicy: "Always",
      terminationGracePeriodSeconds: 30,
      dnsPolicy: "ClusterFirst",
      enableServiceLinks: true,
      securityContext: {},
      nodeName: "node-1",
      serviceAccountName: "default",
      ...spec,
      containers: filled(containers),
      ...(initContainers !== undefined && { initContainers: filled(initContainers) }),
    },
    status: {},
  };
  // A draft with what the tables read: the rest of a pod does not matter to them.
  return pod as unknown as Pod;
}

/** One instance of a container: `running("app")`, `exited("app", 1)`. */
export function instance(name: string, more: Partial<RuntimeContainer> = {}): RuntimeContainer {
  const attempt = more.attempt ?? 0;
  return {
    id: `${name}-${attempt}`,
    sandboxId: "sandbox-0",
    podUid: "uid-1",
    name,
    attempt,
    state: "running",
    createdAt: attempt * 1_000,
    startedAt: attempt * 1_000,
    finishedAt: 0,
    exitCode: 0,
    reason: "",
    message: "",
    image: "app:1",
    imageRef: "sha256:1",
    logPath: "",
    annotations: {},
    labels: {},
    ...more,
  };
}

/** An instance that has ended at `finishedAt`, in milliseconds. */
export function exited(name: string, exitCode: number, more: Partial<RuntimeContainer> = {}): RuntimeContainer {
  return instance(name, { state: "exited", exitCode, finishedAt: 5_000, ...more });
}

/** What the runtime has of a pod: a ready sandbox with an address, and these containers. */
export function stateOf(...containers: readonly RuntimeContainer[]): PodState {
  return { sandboxes: [sandbox()], containers, ips: ["10.244.1.2"] };
}

/** The pod's sandbox. */
export function sandbox(more: Partial<Sandbox> = {}): Sandbox {
  const identity = { podName: "web", podNamespace: "shop", podUid: "uid-1" };
  return {
    id: `sandbox-${more.attempt ?? 0}`,
    ...identity,
    attempt: 0,
    ready: true,
    createdAt: 0,
    ips: [],
    annotations: {},
    labels: {},
    ...more,
  };
}
