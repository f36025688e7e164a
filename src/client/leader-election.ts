import { apiMicroTime } from "../api/api-time.ts";
import type { Lease, LeaseSpec } from "../api/coordination/v1/lease.ts";
import { leaseKind } from "../api/coordination/v1/lease.ts";
import { isAlreadyExists, isConflict, isNotFound } from "../api/status-error.ts";
import type { Clock } from "../lib/clock.ts";
import type { Logger } from "../lib/log.ts";
import type { Running } from "../lib/running.ts";
import { running } from "../lib/running.ts";
import type { Client } from "./client.ts";

export interface LeaderElectionOptions {
  readonly client: Client;
  /** Default `kube-system`. */
  readonly namespace?: string;
  /** Name of the Lease: `kube-controller-manager`. */
  readonly name: string;
  /** Tells candidates apart; no two may share it. */
  readonly identity: string;
  /** How long a leader that does not renew stays leader. Default 15 (upstream's, as the next two). */
  readonly leaseDurationSeconds?: number;
  /** A leader that could not renew for this long stops leading. Less than the lease's duration. Default 10 000. */
  readonly renewDeadlineMs?: number;
  /** Default 2 000. */
  readonly retryPeriodMs?: number;
  /** Started each time we become leader, stopped when we no longer are. */
  readonly lead: () => Promise<Running>;
  readonly log: Logger;
  readonly clock: Clock;
}

/** Runs `lead` while, of all candidates with the same Lease, we are the one that holds it. Stopping gives the Lease up. */
export function startLeaderElection(options: LeaderElectionOptions): Running {
  const { clock, retryPeriodMs = 2_000, renewDeadlineMs = 10_000 } = options;
  const log = options.log.with({ lease: options.name, identity: options.identity });
  const claim = createClaim(options);
  const ending = new AbortController();

  async function attempt(): Promise<boolean> {
    try {
      return await claim.acquireOrRenew(ending.signal);
    } catch (error) {
      if (!ending.signal.aborted && !isConflict(error) && !isAlreadyExists(error)) {
        log.warn("Cannot read or write the lease: trying again", { error });
      }
      return false;
    }
  }

  async function renewUntilLost(): Promise<void> {
    let renewedMs = clock.monotonicMs();
    while (!ending.signal.aborted && clock.monotonicMs() - renewedMs < renewDeadlineMs) {
      await clock.sleep(retryPeriodMs, ending.signal).catch(() => {});
      if (!ending.signal.aborted && (await attempt())) renewedMs = clock.monotonicMs();
    }
  }

  async function run(): Promise<void> {
    while (!ending.signal.aborted) {
      if (await attempt()) {
        log.info("Became leader");
        const leading = await options.lead();
        await renewUntilLost();
        await leading.stop();
        log.info("Stopped leading");
        if (ending.signal.aborted)
          await claim.release().catch((error) => log.warn("Cannot release the lease", { error }));
      } else await clock.sleep(retryPeriodMs, ending.signal).catch(() => {});
    }
  }

  const done = run();
  return running(async () => {
    ending.abort();
    await done;
  });
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

  return {
    async acquireOrRenew(signal: AbortSignal): Promise<boolean> {
      let lease: Lease;
      try {
        lease = await client.get(leaseKind, { namespace, name }, { signal });
      } catch (error) {
        if (!isNotFound(error)) throw error;
        await client.create(leaseKind, { metadata: { namespace, name }, spec: mine(undefined) }, { signal });
        return true;
      }
      if (isTaken(lease)) return false;
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
