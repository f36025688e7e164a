import type { SubresourceHandler } from "../subresource.ts";
import { portForwardLocation } from "./streaming-location.ts";
import { type StreamingDependencies, streamingSubresource } from "./streaming-proxy.ts";

/** `pods/portforward`: connections to ports inside a pod's network. */
export function podPortForward(dependencies: StreamingDependencies): SubresourceHandler {
  return streamingSubresource("portforward", portForwardLocation, dependencies);
}
