import type { KubeObject, ResourceReference } from "@fairlead/api/resource-reference";
import type { Cache } from "@fairlead/client/cache/cache";
import { startCache } from "@fairlead/client/cache/start-cache";
import type { Client } from "@fairlead/client/client";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import { type BFDProfile, bfdProfiles } from "../kinds/bfd-profile.ts";
import { type BGPAdvertisement, bgpAdvertisements } from "../kinds/bgp-advertisement.ts";
import { type BGPPeer, bgpPeers } from "../kinds/bgp-peer.ts";
import { communities } from "../kinds/community.ts";
import { METALLB_NAMESPACE } from "../kinds/group.ts";
import { type ServiceBGPStatus, serviceBGPStatuses } from "../kinds/service-bgp-status.ts";
import { aliasesOf } from "./announcements.ts";

export interface BgpKindsOptions {
  readonly client: Client;
  /** Selects the statuses of this node. */
  readonly statusSelector: string;
  /** Called when one of them has changed. */
  readonly onChange: () => void;
  /** Called with a status of this node that was written or deleted. */
  readonly onStatus: (status: ServiceBGPStatus) => void;
  readonly log: Logger;
  readonly clock: Clock;
}

/** What is written about BGP. Most of it is read only where there is a peer. */
export interface BgpKinds extends Running {
  /** Resolves when all that matters is known. */
  ready(): Promise<void>;
  peers(): readonly BGPPeer[];
  advertisements(): readonly BGPAdvertisement[];
  profile(name: string): BFDProfile | undefined;
  aliases(): ReadonlyMap<string, string>;
  /** The statuses that this node has written. */
  statuses(): readonly ServiceBGPStatus[];
}

export function bgpKinds({ client, statusSelector, onChange, onStatus, log, clock }: BgpKindsOptions): BgpKinds {
  const open: Cache<KubeObject>[] = [];
  const start = async <T extends KubeObject>(resource: ResourceReference<T>, labelSelector?: string) => {
    const options = { namespace: METALLB_NAMESPACE, ...(labelSelector && { labelSelector }), log, clock };
    const cache = startCache(client, resource, options);
    open.push(cache);
    await cache.synced;
    return cache;
  };

  const startFirst = async () => {
    const [peers, advertisements] = await Promise.all([start(bgpPeers), start(bgpAdvertisements)]);
    for (const cache of [peers, advertisements]) cache.onChange(onChange);
    return { peers, advertisements };
  };
  const startOthers = async () => {
    const [profiles, named, statuses] = await Promise.all([
      ...([start(bfdProfiles), start(communities)] as const),
      start(serviceBGPStatuses, statusSelector),
    ]);
    for (const cache of [profiles, named]) cache.onChange(onChange);
    statuses.onChange(({ before, after }) => {
      for (const status of [before, after]) if (status !== undefined) onStatus(status);
    });
    return { profiles, named, statuses };
  };

  let first: Awaited<ReturnType<typeof startFirst>> | undefined;
  let others: Awaited<ReturnType<typeof startOthers>> | undefined;
  return {
    async ready() {
      first ??= await startFirst();
      if (first.peers.list().length > 0) others ??= await startOthers();
    },
    peers: () => first?.peers.list() ?? [],
    advertisements: () => first?.advertisements.list() ?? [],
    profile: (name) => others?.profiles.get(`${METALLB_NAMESPACE}/${name}`),
    aliases: () => aliasesOf(others?.named.list() ?? []),
    statuses: () => others?.statuses.list() ?? [],
    ...running(async () => {
      await Promise.all(open.map((cache) => cache.stop()));
    }),
  };
}
