import { apiMicroTime } from "@fairlead/api/api-time";
import type { Lease, LeaseSpec } from "@fairlead/api/coordination/v1/lease/lease";
import { leaseKind } from "@fairlead/api/coordination/v1/lease/lease";
import { isAlreadyExists, isConflict } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import type { Metrics } from "@fairlead/lib/metrics";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import type { Client } from "../client.ts";
import { getIfThere } from "../get-if-there.ts";

export interface LeaderElectionOptions {
  readonly client: Client;
  /** Default `kube-system`. */
  readonly namespace?: string;
  /** Name of the Lease: `kube-controller-manager`. */
  readonly name: string;
  /** Identifies a candidate; no two may share it. */
  readonly identity: string;
  /** How long a leader that does not renew stays leader. Default 15 (upstream's, as the next two). */
  readonly leaseDurationSeconds?: number;
  /** A leader that could not renew for this long stops leading. Less than the lease's duration. Default 10 000. */
  readonly renewDeadlineMs?: number;
  /** How often a candidate looks whether it may lead. Default 2 000. */
  readonly retryPeriodMs?: number;
  /** How often a leader renews. Default {@link LeaderElectionOptions.retryPeriodMs}. */
  readonly renewPeriodMs?: number;
  /** Started each time we become leader, stopped when we no longer are. Where that fails, the lease is given up and tried for again. */
  readonly lead: () => Promise<Running>;
  readonly log: Logger;
  readonly clock: Clock;
  /** Default: nothing is counted. */
  readonly metrics?: Metrics;
}

/** A candidate. */
export interface LeaderElection extends Running {
  /** Resolves once we lead and what we lead with has started, or once another candidate leads. */
  readonly settled: Promise<void>;
}

const MASTER_STATUS =
  "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master.";

/** Runs `lead` while, of all candidates with the same Lease, we are the one that holds it. Stopping gives the Lease up. */
export function startLeaderElection(options: LeaderElectionOptions): LeaderElection {
  const { clock, retryPeriodMs = 2_000, renewPeriodMs = retryPeriodMs, renewDeadlineMs = 10_000 } = options;
  const log = options.log.with({ lease: options.name, identity: options.identity });
  const claim = createClaim(options);
  const settled = Promise.withResolvers<void>();
  const status = options.metrics?.gauge("leader_election_master_status", MASTER_STATUS, ["name"]);
  status?.set(0, options.name);

  async function attempt(signal: AbortSignal): Promise<boolean> {
    try {
      return await claim.acquireOrRenew(signal);
    } catch (error) {
      if (!signal.aborted && !isConflict(error) && !isAlreadyExists(error)) {
        log.warn("Cannot read or write the lease: trying again", { error });
      }
      return false;
    }
  }

  /** Renews until the lease is lost, or either signal is aborted: the lease is given up then. */
  async function renewUntilLost(ending: AbortSignal, failed: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([ending, failed]);
    let renewedMs = clock.monotonicMs();
    while (!signal.aborted && clock.monotonicMs() - renewedMs < renewDeadlineMs) {
      const isLate = clock.monotonicMs() - renewedMs >= renewPeriodMs;
      await clock.sleep(isLate ? retryPeriodMs : renewPeriodMs, signal).catch(() => {});
      if (!signal.aborted && (await attempt(ending))) renewedMs = clock.monotonicMs();
    }
  }

  /** Leads, from the lease that we have got to the one that we have lost or give up. */
  async function lead(ending: AbortSignal): Promise<void> {
    log.info("Became leader");
    status?.set(1, options.name);
    const failed = new AbortController();
    // What starts may take longer than a lease lasts.
    const leading = options.lead().catch((error: unknown) => {
      log.error("Cannot start what the leader runs: trying again", { error });
      failed.abort();
      return undefined;
    });
    void leading.then((started) => started && settled.resolve());
    await renewUntilLost(ending, failed.signal);
    await (await leading)?.stop();
    log.info("Stopped leading");
    status?.set(0, options.name);
    if (!ending.aborted && !failed.signal.aborted) return;
    await claim.release().catch((error: unknown) => log.warn("Cannot release the lease", { error }));
  }

  async function turn(signal: AbortSignal): Promise<number> {
    if (await attempt(signal)) await lead(signal);
    else if (claim.isSeenTaken) settled.resolve();
    return retryPeriodMs;
  }

  const loop = startLoop({ turn, clock });
  return {
    settled: settled.promise,
    ...running(async () => {
      await loop.stop();
      settled.resolve();
    }),
  };
}

/** Our claim to one Lease. Remembers when it last saw the Lease change: clocks of other machines are not trusted. */
function createClaim({ client, clock, identity, name, namespace = "kube-system", ...options }: LeaderElectionOptions) {
  const leaseDurationSeconds = options.leaseDurationSeconds ?? 15;
  let seen: { readonly resourceVersion: string; readonly atMs: number } | undefined;

  function mine(previous: LeaseSpec | undefined): LeaseSpec {
    const now = apiMicroTime(clock.now());
    const still = previous?.holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds,
      renewTime: now,
      acquireTime: still ? (previous.acquireTime ?? now) : now,
      leaseTransitions: (previous?.leaseTransitions ?? 0) + (previous === undefined || still ? 0 : 1),
    };
  }

  /** Whether another candidate holds the lease, as far as observed. */
  function isTaken({ metadata, spec }: Lease): boolean {
    if (seen?.resourceVersion !== metadata.resourceVersion) {
      seen = { resourceVersion: metadata.resourceVersion, atMs: clock.monotonicMs() };
    }
    const { holderIdentity = "", leaseDurationSeconds: seconds = leaseDurationSeconds } = spec;
    return holderIdentity !== "" && holderIdentity !== identity && clock.monotonicMs() < seen.atMs + seconds * 1000;
  }

  let isSeenTaken = false;
  return {
    /** Whether another candidate held the lease when we last looked. */
    get isSeenTaken() {
      return isSeenTaken;
    },

    async acquireOrRenew(signal: AbortSignal): Promise<boolean> {
      const lease = await getIfThere(client, leaseKind, { namespace, name }, { signal });
      if (lease === undefined) {
        await client.create(leaseKind, { metadata: { namespace, name }, spec: mine(undefined) }, { signal });
        return true;
      }
      isSeenTaken = isTaken(lease);
      if (isSeenTaken) return false;
      await client.update(leaseKind, { ...lease, spec: mine(lease.spec) }, { signal });
      return true;
    },

    /** Lets the next candidate take over at once. */
    async release(): Promise<void> {
      const lease = await client.get(leaseKind, { namespace, name });
      if (lease.spec.holderIdentity !== identity) return;
      const now = apiMicroTime(clock.now());
      const spec = { ...lease.spec, holderIdentity: "", leaseDurationSeconds: 1, renewTime: now, acquireTime: now };
      await client.update(leaseKind, { ...lease, spec });
    },
  };
}
