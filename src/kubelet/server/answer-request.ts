import { createMetrics, METRICS_TYPE, type Metrics } from "@fairlead/lib/metrics";
import type { NodePods } from "../node-pods.ts";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import { containerLogs } from "./container-logs.ts";
import { findContainer, findPod } from "./find-container.ts";
import { metricsText } from "./metrics-text.ts";
import { nodeLogs } from "./node-logs.ts";
import { Refusal } from "./refusal.ts";
import { type ContainerRoute, type Route, route } from "./route.ts";
import { runningPods } from "./running-pods.ts";

export interface Answer {
  /** Default 200. */
  readonly status?: number;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly pieces: AsyncIterable<Uint8Array> | readonly Uint8Array[];
}

interface Served {
  readonly pods: NodePods;
  readonly runtime: PodRuntime;
  /** Folder of the node's own logs. Default `/var/log`. */
  readonly nodeLogsDir?: string;
  /** Default: none are there. */
  readonly metrics?: Metrics;
}

/** How long a command given to `/run` may take, in seconds. */
const RUN_TIMEOUT_SECONDS = 120;

/** Answers a request that is no upgrade. @throws {@link Refusal} */
export async function answer(served: Served, method: string, url: URL, signal: AbortSignal): Promise<Answer> {
  const { pods, runtime } = served;
  const asked = route(url.pathname);
  if (asked === undefined) throw new Refusal(404, "404 page not found");
  checkMethod(asked, method);
  switch (asked.type) {
    case "healthz":
      return { contentType: "text/plain; charset=utf-8", pieces: [Buffer.from("ok")] };
    case "metrics":
      return {
        contentType: METRICS_TYPE,
        pieces: [Buffer.from(await metricsText(served.metrics ?? createMetrics(), runtime))],
      };
    case "pods":
      return json({ kind: "PodList", apiVersion: "v1", metadata: {}, items: pods.list() });
    case "runningpods": {
      const [sandboxes, containers] = await Promise.all([runtime.listSandboxes(), runtime.listContainers()]);
      return json(runningPods(sandboxes, containers));
    }
    case "containerLogs": {
      const request = { pods, runtime, route: asked, query: url.searchParams, now: Date.now(), signal };
      return { contentType: "text/plain", pieces: await containerLogs(request) };
    }
    case "nodeLogs":
      return nodeLogs(served.nodeLogsDir ?? "/var/log", asked.path);
    case "run":
      return run(served, asked, url.searchParams);
    case "exec":
    case "attach":
    case "portForward":
      throw new Refusal(400, "Upgrade request required");
    case "statsSummary":
      throw new Refusal(501, "/stats/summary is not supported");
  }
}

function checkMethod(asked: Route, method: string): void {
  const streams = ["exec", "attach", "portForward"].includes(asked.type);
  const allowed = asked.type === "run" ? ["POST"] : streams ? ["GET", "POST"] : ["GET"];
  if (!allowed.includes(method)) throw new Refusal(405, "Method Not Allowed");
}

async function run({ pods, runtime }: Served, asked: ContainerRoute, query: URLSearchParams): Promise<Answer> {
  const pod = findPod(pods, asked.namespace, asked.pod, asked.uid);
  const containerId = findContainer(pods, pod, asked.container);
  const command = (query.get("cmd") ?? "").split(" ");
  const { exitCode, stdout, stderr } = await runtime.execSync(containerId, command, RUN_TIMEOUT_SECONDS);
  const output = Buffer.concat([stdout, stderr]);
  if (exitCode !== 0) throw new Refusal(500, `command '${command.join(" ")}' exited with ${exitCode}: ${output}`);
  return { contentType: "application/json", pieces: [output] };
}

function json(value: unknown): Answer {
  return { contentType: "application/json", pieces: [Buffer.from(JSON.stringify(value))] };
}
