import type { Clock } from "@fairlead/lib/clock";

/** What is known of whether one upstream answers. */
export interface Health {
  /** The latest exchange failed, and no check has succeeded since: others are asked first. */
  readonly isSuspect: boolean;
  /** More checks in a row failed than are allowed: it is asked only when all are down. */
  readonly isDown: boolean;
  /** An exchange failed: checks run from now on, until one succeeds. */
  failed(): void;
  /** An exchange succeeded. */
  succeeded(): void;
}

export interface HealthOptions {
  /** An upstream is down after more failed checks in a row than this. 0: it is never checked, nor ever down. */
  readonly maxFails: number;
  /** Pause between checks, in milliseconds. */
  readonly intervalMs: number;
  /** Asks the upstream anything: every response is a success. */
  readonly check: () => Promise<unknown>;
  /** A check failed. */
  readonly onFailure: () => void;
  readonly clock: Clock;
  /** Ends all checks. */
  readonly ending: AbortSignal;
}

/** Checks an upstream from a failed exchange on until it answers, as the forward plugin of CoreDNS does. */
export function createHealth({ maxFails, intervalMs, check, onFailure, clock, ending }: HealthOptions): Health {
  let fails = 0;
  let isSuspect = false;
  let isChecking = false;

  async function checkUntilHealthy(): Promise<void> {
    while (isSuspect && !ending.aborted) {
      try {
        await check();
        succeeded();
      } catch {
        if (ending.aborted) return;
        fails += 1;
        onFailure();
        await clock.sleep(intervalMs, ending).catch(() => {});
      }
    }
  }

  function succeeded(): void {
    fails = 0;
    isSuspect = false;
  }

  return {
    get isSuspect() {
      return isSuspect;
    },
    get isDown() {
      return maxFails > 0 && fails > maxFails;
    },
    succeeded,
    failed() {
      if (maxFails === 0) return;
      isSuspect = true;
      if (isChecking) return;
      isChecking = true;
      void checkUntilHealthy().finally(() => {
        isChecking = false;
      });
    },
  };
}
