import { goQuote } from "@fairlead/api/go-quote";
import {
  NO_STREAM_ASKED,
  type RemoteCommandOptions,
  remoteCommandOptions,
} from "@fairlead/streaming/remote-command/remote-command";
import type { NodePods } from "../node-pods.ts";
import type { PodRuntime } from "../runtime/pod-runtime.ts";
import { findContainer, findPod } from "./find-container.ts";
import { Refusal } from "./refusal.ts";
import type { Route } from "./route.ts";

/** A session that the runtime has agreed to, waiting at a URL of its streaming server. */
export type StreamingSession =
  | { readonly type: "remoteCommand"; readonly url: URL; readonly options: RemoteCommandOptions }
  | { readonly type: "portForward"; readonly url: URL; readonly ports: readonly number[] };

/** Asks the runtime for the session that a request is about. @throws {@link Refusal} */
export async function streamingSession(
  pods: NodePods,
  runtime: PodRuntime,
  route: Route,
  query: URLSearchParams,
): Promise<StreamingSession> {
  switch (route.type) {
    case "exec":
    case "attach": {
      const options = remoteCommandOptions(query);
      if (options === undefined) throw new Refusal(400, NO_STREAM_ASKED);
      const pod = findPod(pods, route.namespace, route.pod, route.uid);
      const containerId = findContainer(pods, pod, route.container);
      const request = { containerId, ...options };
      const url =
        route.type === "attach"
          ? await runtime.attachUrl(request)
          : await runtime.execUrl({ ...request, command: query.getAll("command") });
      return { type: "remoteCommand", url: new URL(url), options };
    }
    case "portForward": {
      const ports = portsOf(query);
      const pod = findPod(pods, route.namespace, route.pod, route.uid);
      const sandboxId = pods.sandboxId(pod);
      if (sandboxId === undefined) throw new Refusal(500, `pod not found (${goQuote(route.pod)})`);
      return { type: "portForward", url: new URL(await runtime.portForwardUrl(sandboxId, ports)), ports };
    }
    default:
      throw new Refusal(400, "unable to upgrade: nothing at this path is a stream");
  }
}

/** Clients over SPDY name their ports later, stream by stream. */
function portsOf(query: URLSearchParams): number[] {
  return query
    .getAll("port")
    .flatMap((value) => value.split(","))
    .map((value) => {
      const port = Number(value);
      if (!/^\d+$/.test(value) || port < 1 || port > 65_535) throw new Refusal(400, `invalid port ${goQuote(value)}`);
      return port;
    });
}
