import type { SubresourceHandler } from "../subresource.ts";
import { containerLocation } from "./streaming-location.ts";
import { type StreamingDependencies, streamingSubresource } from "./streaming-proxy.ts";

/** `pods/exec`: runs a command in a container, with its streams. */
export function podExec(dependencies: StreamingDependencies): SubresourceHandler {
  return streamingSubresource("exec", (pod, query) => containerLocation(pod, "exec", query), dependencies);
}
