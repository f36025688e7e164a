import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Store } from "@fairlead/store/store";
import type { TokenIssuer } from "../authn/token-issuer.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { KubeletConnection } from "./kubelet-connection.ts";
import { type PodBindingOptions, podBinding } from "./pods/pod-binding.ts";
import { podEviction } from "./pods/pod-eviction.ts";
import { podLog } from "./pods/pod-log.ts";
import { proxySubresources } from "./proxy/proxy.ts";
import { serviceAccountToken } from "./service-account-token.ts";
import { podAttach } from "./streaming/streaming-attach.ts";
import { podExec } from "./streaming/streaming-exec.ts";
import { podPortForward } from "./streaming/streaming-port-forward.ts";
import type { SubresourceHandler } from "./subresource.ts";
import { unsupportedSubresource } from "./unsupported-subresource.ts";

/** What the handlers of all subresources need. */
export interface PolicySubresourcesOptions {
  readonly store: Store;
  readonly turns: PodBindingOptions["turns"];
  readonly client: Client;
  readonly clock: Clock;
  readonly kubelets: KubeletConnection;
  readonly authorizer: Authorizer;
  readonly onBound: NonNullable<PodBindingOptions["onBound"]>;
  readonly issuer: TokenIssuer;
  /** The API server's own audiences. */
  readonly audiences: readonly string[];
}

/** Everything below an object that is not its status. */
export function policySubresources(options: PolicySubresourcesOptions): readonly SubresourceHandler[] {
  return [
    podBinding(options),
    podEviction(options),
    podLog(options),
    podExec(options),
    podAttach(options),
    podPortForward(options),
    unsupportedSubresource("pods", "ephemeralcontainers"),
    ...proxySubresources(options),
    serviceAccountToken(options),
  ];
}
