import type { SubresourceHandler } from "../subresource.ts";
import { containerLocation } from "./streaming-location.ts";
import { type StreamingDependencies, streamingSubresource } from "./streaming-proxy.ts";

/** `pods/attach`: the streams of a container's own process. */
export function podAttach(dependencies: StreamingDependencies): SubresourceHandler {
  return streamingSubresource("attach", (pod, query) => containerLocation(pod, "attach", query), dependencies);
}
