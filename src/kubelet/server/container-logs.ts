import { goQuote } from "@fairlead/api/go-quote";
import type { NodePods } from "../node-pods.ts";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import { findPod } from "./find-container.ts";
import { logOptions } from "./logs/log-options.ts";
import { logRefusal } from "./logs/log-refusal.ts";
import { readLog } from "./logs/read-log.ts";
import { Refusal } from "./refusal.ts";
import type { ContainerRoute } from "./route.ts";

export interface LogRequest {
  readonly pods: NodePods;
  readonly runtime: PodRuntime;
  readonly route: ContainerRoute;
  readonly query: URLSearchParams;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Aborted when the client goes. */
  readonly signal: AbortSignal;
}

/** The log a request asks for, in pieces. @throws {@link Refusal} before the first piece. */
export async function containerLogs(request: LogRequest): Promise<AsyncIterable<Buffer>> {
  const { pods, runtime, route, query, now, signal } = request;
  const options = logOptions(query, now);
  const pod = findPodForLogs(pods, route);
  const refusal = logRefusal(pod, route.container, options.previous);
  if (refusal !== undefined) throw new Refusal(400, refusal);
  const path = pods.logPath(pod, route.container, options.previous);
  const containerId = pods.containerId(pod, route.container);
  if (path === undefined) {
    throw new Refusal(400, `container "${route.container}" in pod "${route.pod}" is not available`);
  }
  // A previous container writes no more; one that is gone does not either.
  const running = async () => {
    if (options.previous || containerId === undefined) return false;
    const status = await runtime.containerStatus(containerId).catch(() => undefined);
    return status?.state === "running" || status?.state === "created";
  };
  return readLog({ path, running, signal }, options).catch((cause) => {
    throw new Refusal(400, `failed to open log file ${goQuote(path)}: ${cause.message}`, { cause });
  });
}

/** The kubelet answers logs of unknown pods in other words than streams. */
function findPodForLogs(pods: NodePods, route: ContainerRoute) {
  if (pods.find(route.namespace, route.pod) === undefined) {
    throw new Refusal(404, `pod ${goQuote(route.pod)} does not exist`);
  }
  const pod = findPod(pods, route.namespace, route.pod);
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  if (![...containers, ...initContainers, ...ephemeralContainers].some(({ name }) => name === route.container)) {
    throw new Refusal(404, `container "${route.container}" not found in pod "${route.pod}"`);
  }
  return pod;
}
