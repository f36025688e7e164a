import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { NodePulls } from "../images/node-pulls.ts";
import type { DnsSettings } from "../network-files/pod-dns.ts";
import type { ListeningSocket } from "../node/listening-sockets.ts";
import type { ObjectWatchers } from "../objects/pod-objects.ts";
import type { PodRuntime, RuntimeStatus } from "../runtime/pod-runtime.ts";
import type { ClaimSource } from "../volumes/persistent/claim-source.ts";
import type { TokenSource } from "../volumes/token-source.ts";
import type { RoomOnNode } from "./room-on-node.ts";
import type { RuntimeLists } from "./runtime-lists.ts";
import type { StartSlots } from "./start-slots.ts";

/** What all pods of a node share. */
export interface KubeletContext {
  readonly client: Client;
  readonly runtime: PodRuntime;
  /** `containerd`, `cri-o`: goes before container ids. */
  readonly runtimeName: string;
  readonly lists: RuntimeLists;
  readonly events: EventRecorder;
  readonly watchers: ObjectWatchers;
  readonly tokens: TokenSource;
  readonly pulls: NodePulls;
  readonly claims: ClaimSource;
  readonly starts: StartSlots;
  readonly room: RoomOnNode;
  readonly clock: Clock;
  readonly log: Logger;

  readonly nodeIPs: readonly string[];
  /** Folder of the kubelet's own files. */
  readonly rootDir: string;
  /** Folder of the containers' log files. */
  readonly podLogsDir: string;
  readonly clusterDNS: readonly string[];
  readonly clusterDomain: string;
  /** The node's own way to resolve names. */
  readonly nodeDns: () => Promise<DnsSettings>;
  /** The ports at which programs of the node listen now. */
  readonly listeningSockets: () => readonly ListeningSocket[];
  /** The cgroup under which each pod gets one of its own. */
  readonly cgroupParent: string;
  /** Whether pods exist only in the API: nothing is written to disk for them. */
  readonly simulated: boolean;

  /** All Services, once known. */
  readonly services: () => Promise<readonly Service[]>;
  readonly allocatable: () => Readonly<Record<string, string>>;
  /** The runtime's readiness, as last seen. */
  readonly runtimeStatus: () => RuntimeStatus;
}
