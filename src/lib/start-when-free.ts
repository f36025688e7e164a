import type { Clock } from "./clock.ts";
import type { Logger } from "./log.ts";
import type { Running } from "./running.ts";
import { running } from "./running.ts";
import { startLoop } from "./start-loop.ts";

/** Pause between attempts, in milliseconds: as upstream (cmd/kube-proxy/app/server.go). */
const RETRY_MS = 5_000;

/** A server whose address another program may have. */
export interface StartWhenFreeOptions {
  /** Names the server in log lines: `kube-proxy /healthz`. */
  readonly server: string;
  /** Rejects when the address is taken. */
  start(): Promise<Running>;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Starts a server without which the program does its work: a failure is logged once, and the start tried again until it
 * succeeds. A pod on the node's network may have the port.
 *
 * Resolves after the first attempt, also when it failed. Never rejects.
 */
export async function startWhenFree({ server, start, log, clock }: StartWhenFreeOptions): Promise<Running> {
  const tried = Promise.withResolvers<void>();
  let isReported = false;
  let started: Running | undefined;

  async function turn(): Promise<number | "done"> {
    try {
      started = await start();
      return "done";
    } catch (error) {
      if (!isReported) log.error("Cannot start a server: trying again", { server, error, retryMs: RETRY_MS });
      isReported = true;
      return RETRY_MS;
    } finally {
      tried.resolve();
    }
  }

  const loop = startLoop({ turn, clock });
  await tried.promise;
  return running(async () => {
    await loop.stop();
    await started?.stop();
  });
}
