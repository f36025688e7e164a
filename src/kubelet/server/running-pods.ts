import type { RuntimeContainer, Sandbox } from "../runtime/pod-runtime.ts";

/** What the runtime itself says is running, as upstream shows it: pods with nothing but names and images. */
export function runningPods(sandboxes: readonly Sandbox[], containers: readonly RuntimeContainer[]): object {
  const items = sandboxes
    .filter(({ ready }) => ready)
    .map((sandbox) => ({
      metadata: {
        name: sandbox.podName,
        namespace: sandbox.podNamespace,
        uid: sandbox.podUid,
      },
      spec: {
        containers: containers
          .filter(({ sandboxId, state }) => sandboxId === sandbox.id && state === "running")
          .map(({ name, image }) => ({ name, image, resources: {} })),
      },
      status: {},
    }));
  return { kind: "PodList", apiVersion: "v1", metadata: {}, items };
}
