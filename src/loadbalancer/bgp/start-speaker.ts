import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Client } from "@fairlead/client/client";
import type { EventRecorder } from "@fairlead/client/events/event-recorder";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import type { Announcement } from "./announcements.ts";
import type { BgpKinds } from "./bgp-kinds.ts";
import { startBgpStatuses } from "./bgp-statuses.ts";
import { birdConfig } from "./bird-config.ts";
import { BirdSilence } from "./bird-control.ts";
import { type Bird, createBird, isBirdThere } from "./bird-process.ts";
import { createPasswords } from "./passwords.ts";
import { createPeerReports } from "./peer-reports.ts";
import { planSpeaker, type SpeakerPlan } from "./plan.ts";

/** Pause between two looks at the sessions: while some are not up, and while all are. In milliseconds. */
const LOOK_MS = { some: 1_000, all: 5_000 };
/** Pause before what failed is tried again, in milliseconds. */
const AGAIN_MS = 1_000;
/** BIRD's files: in the machine's own folder, which nothing else uses. */
const FOLDER = "/run/fairlead-bgp";
const NOT_THERE = "BIRD is not installed: `apt-get install bird2` on the machine that the nodes run on";

export interface SpeakerOptions {
  /** See the role `system:fairlead:announcer`. */
  readonly client: Client;
  readonly nodeName: string;
  readonly node: () => Node | undefined;
  readonly kinds: BgpKinds;
  readonly events: EventRecorder;
  /** Called with a Service, by its `namespace/name`, that is announced from now on. */
  readonly onAnnounced: (service: string) => void;
  /** Default: nothing is counted. */
  readonly metrics?: Metrics;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Announces prefixes over BGP sessions while there is a peer for this node. */
export interface Speaker extends Running {
  /** Takes what this node announces for a Service now. */
  announce(service: string, announcements: readonly Announcement[]): void;
  /** Peers, advertisements, Secrets or the node have changed. */
  look(): void;
  /** A status of the Service has been written or deleted. */
  statusChanged(service: string): void;
}

/** BIRD runs as long as there is a session to be had; it ends, and takes back what it announced, when this is stopped. */
export function startSpeaker(options: SpeakerOptions): Speaker {
  const { client, nodeName, kinds, events, log, clock } = options;
  const announcements = new Map<string, readonly Announcement[]>();
  const passwords = createPasswords(client, clock);
  const reports = createPeerReports({ events, nodeName, clock });
  let bird: Bird | undefined;
  let current: SpeakerPlan = { sessions: [], problems: new Map(), announced: new Map() };
  const statuses = startBgpStatuses({
    ...{ client, nodeName, node: options.node, log, clock },
    peersOf: (service) => current.announced.get(service) ?? [],
    written: kinds.statuses,
  });
  if (options.metrics) measure(options.metrics);

  function measure(metrics: Metrics): void {
    const values = (of: (session: SpeakerPlan["sessions"][number]) => number) => ({
      label: "peer",
      read: () => new Map(current.sessions.map((session) => [session.address, of(session)])),
    });
    const isUp = ({ name }: { readonly name: string }) => Number(reports.established().has(name));
    metrics.measureEach("gauge", "metallb_bgp_session_up", "BGP session state (1 is up, 0 is down)", values(isUp));
    metrics.measureEach(
      ...(["gauge", "metallb_bgp_announced_prefixes_total"] as const),
      "Number of prefixes currently being advertised on the BGP session",
      values(({ prefixes }) => prefixes.length),
    );
  }

  /** Makes the plan the current one, and says what is different. */
  function adopt(plan: SpeakerPlan): void {
    const before = current;
    current = plan;
    for (const [service, peers] of plan.announced) {
      if (!before.announced.has(service)) options.onAnnounced(service);
      if (before.announced.get(service)?.join() !== peers.join()) statuses.enqueue(service);
    }
    for (const service of before.announced.keys()) if (!plan.announced.has(service)) statuses.enqueue(service);
  }

  async function apply(plan: SpeakerPlan): Promise<void> {
    if (plan.sessions.length === 0) {
      await bird?.stop();
      bird = undefined;
      return;
    }
    bird ??= createBird({ folder: FOLDER, log, clock });
    await bird.configure(birdConfig({ routerId: addressOf(options.node()), sessions: plan.sessions }));
  }

  async function turn(signal: AbortSignal): Promise<number> {
    try {
      const peers = kinds.peers();
      await passwords.read(
        peers.flatMap(({ spec }) => (spec.passwordSecret?.name ? [spec.passwordSecret.name] : [])),
        signal,
      );
      const surroundings = { profile: kinds.profile, passwordOf: passwords.of };
      let plan = planSpeaker({ node: options.node(), peers, announcements, ...surroundings });
      if (plan.sessions.length > 0 && bird === undefined && !(await isBirdThere())) plan = withoutBird(plan);
      await apply(plan);
      adopt(plan);
      reports.note(plan, (await bird?.sessions()) ?? new Map(), peers);
      if (plan.sessions.length === 0 && plan.problems.size === 0) return Number.POSITIVE_INFINITY;
      return reports.established().size < plan.sessions.length ? LOOK_MS.some : LOOK_MS.all;
    } catch (error) {
      if (signal.aborted) return 0;
      if (error instanceof BirdSilence) log.debug("BIRD is not ready: trying again", { error });
      else log.warn("Cannot announce by BGP: trying again", { error });
      return AGAIN_MS;
    }
  }

  const loop = startLoop({ turn, clock });
  return {
    announce(service, wanted) {
      const before = announcements.get(service) ?? [];
      if (JSON.stringify(before) === JSON.stringify(wanted)) return;
      if (wanted.length === 0) announcements.delete(service);
      else announcements.set(service, wanted);
      loop.wake();
    },
    look: () => loop.wake(),
    statusChanged: statuses.enqueue,
    ...running(async () => {
      await loop.stop();
      await Promise.all([bird?.stop(), statuses.stop()]);
    }),
  };
}

function withoutBird({ sessions, problems }: SpeakerPlan): SpeakerPlan {
  const all = new Map([...problems, ...sessions.map(({ name }) => [name, NOT_THERE] as const)]);
  return { sessions: [], problems: all, announced: new Map() };
}

/** An IPv4 address of the node, which BGP takes for its name. */
function addressOf(node: Node | undefined): string {
  const addresses = node?.status.addresses ?? [];
  return addresses.find(({ type, address }) => type === "InternalIP" && !address.includes(":"))?.address ?? "127.0.0.1";
}
