import type { Metrics } from "@fairlead/lib/metrics";
import type { RuntimeContainer, Sandbox } from "../runtime/pod-runtime.ts";

/** What of the runtime is counted. */
interface Lists {
  listSandboxes(): Promise<readonly Pick<Sandbox, "ready">[]>;
  listContainers(): Promise<readonly Pick<RuntimeContainer, "state">[]>;
}

/** Returns what the node counts, with what runs on it now. A runtime that does not answer leaves that as it was last. */
export async function metricsText(metrics: Metrics, runtime: Lists): Promise<string> {
  const pods = metrics.gauge("kubelet_running_pods", "Number of pods that have a running pod sandbox");
  const containers = metrics.gauge("kubelet_running_containers", "Number of containers currently running", [
    "container_state",
  ]);
  try {
    const [sandboxes, listed] = await Promise.all([runtime.listSandboxes(), runtime.listContainers()]);
    pods.set(sandboxes.filter(({ ready }) => ready).length);
    for (const state of ["created", "exited", "running", "unknown"] as const) {
      containers.set(listed.filter((container) => container.state === state).length, state);
    }
  } catch {
    // An outage of the runtime is when its failed calls are asked for: they are among the metrics.
  }
  return metrics.text();
}
