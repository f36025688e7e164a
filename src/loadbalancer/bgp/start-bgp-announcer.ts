import type { Service } from "@fairlead/api/core/v1/service/service";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { type Running, running } from "@fairlead/lib/running";
import { givenTo } from "../announcement/decide.ts";
import { serviceOf, writtenBy } from "../announcement/l2-statuses.ts";
import type { AnnouncerWorld } from "../announcement/world.ts";
import { type Announcers, announcers } from "./announcements.ts";
import { bgpKinds } from "./bgp-kinds.ts";
import { startSpeaker } from "./start-speaker.ts";

export interface BgpAnnouncerOptions {
  /** See the role `system:fairlead:announcer`. */
  readonly client: Client;
  readonly nodeName: string;
  readonly world: AnnouncerWorld;
  /** Labels of a pool. */
  readonly poolLabels: (name: string) => Readonly<Record<string, string>> | undefined;
  /** Called when all Services have to be looked at. */
  readonly onChange: () => void;
  /** Called with a Service, by its `namespace/name`, that this node announces from now on. */
  readonly onAnnounced: (service: string) => void;
  readonly events: EventRecorder;
  /** Default: nothing is counted. */
  readonly metrics?: Metrics | undefined;
  readonly log: Logger;
  readonly clock: Clock;
}

/** What this node says by BGP about load balancers' addresses. */
export interface BgpAnnouncer extends Running {
  /** Resolves when what is written about BGP is known. To be called once an address was given: not before is it read. */
  ready(): Promise<void>;
  /** Announces the Service as it is now, or no longer, and returns which nodes do. */
  look(key: string, service: Service | undefined): Announcers;
  /** All Services that have changed have been looked at. */
  looked(): void;
}

export function startBgpAnnouncer(options: BgpAnnouncerOptions): BgpAnnouncer {
  const { client, nodeName, world, onChange, onAnnounced, events, metrics, log, clock } = options;
  const common = { client, nodeName, events, log, clock };
  const kinds = bgpKinds({
    ...{ ...common, statusSelector: writtenBy(nodeName), onChange },
    onStatus: (status) => speaker.statusChanged(serviceOf(status)),
  });
  const speaker = startSpeaker({
    ...{ ...common, kinds, onAnnounced, ...(metrics && { metrics }) },
    node: () => world.nodes().find(({ metadata }) => metadata.name === nodeName),
  });

  function announcersOf(key: string, service: Service | undefined): Announcers {
    const given = givenTo(service);
    if (service === undefined || given === undefined) return { type: "nothing" };
    return announcers({
      ...{ service, addresses: given.addresses, slices: world.slicesOf(key), nodes: world.nodes() },
      pool: { name: given.pool, labels: options.poolLabels(given.pool) },
      ...{ advertisements: kinds.advertisements(), peers: kinds.peers(), aliases: kinds.aliases() },
    });
  }

  return {
    ready: kinds.ready,
    look(key, service) {
      const who = announcersOf(key, service);
      speaker.announce(key, who.type === "nodes" ? (who.of.get(nodeName) ?? []) : []);
      return who;
    },
    looked: speaker.look,
    ...running(async () => {
      await speaker.stop();
      await kinds.stop();
    }),
  };
}
