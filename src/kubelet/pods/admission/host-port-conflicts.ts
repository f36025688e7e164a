import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { ListeningSocket } from "../../node/listening-sockets.ts";
import { allContainers } from "../../sync/pod-state.ts";

/** `portmap` takes no connections to it for a pod of IPv4. */
const IPV6_LOOPBACK = "0000:0000:0000:0000:0000:0000:0000:0001";
const ALL: readonly string[] = ["", "0.0.0.0", "::"];

/**
 * Returns a message for each host port of a pod at which a program of the node listens already.
 *
 * Such a pod runs, as upstream: the CNI plugin `portmap` rewrites the destination of packets before any socket gets them, and binds
 * none. The program, which may be the kubelet itself, gets no new connections until the pod is gone.
 */
export function hostPortConflicts(pod: Pod, listening: readonly ListeningSocket[]): readonly string[] {
  if (pod.spec.hostNetwork === true) return [];
  return allContainers(pod).flatMap(({ container }) =>
    (container.ports ?? []).flatMap(({ hostPort = 0, hostIP = "", protocol }) => {
      const isTaken = listening.some(
        (socket) => socket.port === hostPort && socket.protocol === protocol && isReached(socket.address, hostIP),
      );
      return isTaken ? [message(container.name, `${hostPort}/${protocol}`)] : [];
    }),
  );
}

/** Whether packets to the socket's address are also to the host port's. */
function isReached(address: string, hostIP: string): boolean {
  if (address === IPV6_LOOPBACK) return false;
  return ALL.includes(hostIP) || ALL.includes(address) || address === hostIP;
}

function message(container: string, port: string): string {
  return `A program of the node listens at host port ${port} of container "${container}": new connections reach the pod instead`;
}
