import type { Duplex } from "node:stream";
import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import { StatusError } from "@fairlead/api/status-error";
import { passAnswerOn } from "@fairlead/streaming/upgrade/pass-answer-on";
import { requestUpgrade } from "@fairlead/streaming/upgrade/request-upgrade";
import { listedValues, type UpgradeProtocol, upgradeProtocol } from "@fairlead/streaming/upgrade/upgrade-protocol";
import { assertAllowed } from "../../authorize-request.ts";
import type { Authorizer } from "../../authz/authorizer.ts";
import type { KubeletConnection } from "../kubelet-connection.ts";
import type { SubresourceHandler, SubresourceRequest } from "../subresource.ts";
import { subprotocolsOf } from "../without-credentials.ts";
import type { StreamingLocation } from "./streaming-location.ts";

/** What the handlers of exec, attach and port-forward need. */
export interface StreamingDependencies {
  readonly kubelets: KubeletConnection;
  /** Asked once more for WebSockets: they come as GET, but what they do is `create`. */
  readonly authorizer: Authorizer;
}

/** Reads where to stream from a request; throws {@link StatusError} when that is nowhere. */
export type LocateStream = (pod: Pod, query: URLSearchParams) => StreamingLocation;

/**
 * A subresource of pods that is a stream: the client's upgrade is passed on to the pod's kubelet, and after that the bytes
 * are, unread.
 */
export function streamingSubresource(
  name: "exec" | "attach" | "portforward",
  locate: LocateStream,
  { kubelets, authorizer }: StreamingDependencies,
): SubresourceHandler {
  return {
    groupResource: "pods",
    isLong: true,
    name,
    handle: () => Promise.reject(new StatusError("BadRequest", "Upgrade request required")),
    async upgrade(request, socket, head) {
      const protocol = upgradeProtocol(request.request.headers.upgrade);
      if (protocol === undefined) throw new StatusError("BadRequest", "Upgrade request required");
      if (protocol === "websocket") assertMayCreate(request, name, authorizer);
      // The registry serves this only below pods, so the parent is one.
      const location = locate(request.parent as Pod, request.query);
      await proxy({ request, socket, head, kubelets }, protocol, location);
    },
  };
}

function assertMayCreate(
  { user, namespace, name }: SubresourceRequest,
  subresource: string,
  authorizer: Authorizer,
): void {
  const about = { group: "", version: "v1", resource: "pods", subresource, namespace, name };
  assertAllowed(authorizer, { type: "resource", user, verb: "create", ...about });
}

interface Proxied {
  readonly request: SubresourceRequest;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly kubelets: KubeletConnection;
}

async function proxy(proxied: Proxied, protocol: UpgradeProtocol, location: StreamingLocation): Promise<void> {
  const { request, socket, head, kubelets } = proxied;
  const { socket: toKubelet, endpoint } = await kubelets.connect(location.nodeName, request.request.signal);
  const answer = await requestUpgrade({
    host: endpoint.host,
    port: endpoint.port,
    method: request.request.method,
    path: location.path,
    headers: passedOn(request.request.headers, protocol),
    socket: toKubelet,
  }).catch((cause: Error) => {
    toKubelet.destroy();
    throw new StatusError("InternalError", `error dialing backend: ${cause.message}`, { cause });
  });
  if (!answer.upgraded) toKubelet.destroy();
  await passAnswerOn(answer, { socket, head });
}

/** Only what the upgrade is about: the client's credentials stay here. */
function passedOn(
  headers: Readonly<Record<string, string>>,
  protocol: UpgradeProtocol,
): Record<string, string | string[]> {
  if (protocol === "spdy") {
    const versions = listedValues(headers["x-stream-protocol-version"]);
    return {
      Connection: "Upgrade",
      Upgrade: "SPDY/3.1",
      ...(versions.length > 0 && { "X-Stream-Protocol-Version": versions }),
    };
  }
  const subprotocols = subprotocolsOf(headers);
  return {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Key": headers["sec-websocket-key"] ?? "",
    "Sec-WebSocket-Version": headers["sec-websocket-version"] ?? "",
    ...(subprotocols.length > 0 && { "Sec-WebSocket-Protocol": subprotocols.join(", ") }),
  };
}
