import type { Clock } from "./clock.ts";
import type { Logger } from "./log.ts";
import type { Running } from "./running.ts";
import { running } from "./running.ts";

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
 * Resolves after the first attempt, whatever came of it. Never rejects.
 */
export async function startWhenFree({ server, start, log, clock }: StartWhenFreeOptions): Promise<Running> {
  const ending = new AbortController();
  const attempt = (onFailure: (error: unknown) => void): Promise<Running | undefined> =>
    start().catch((error: unknown) => void onFailure(error));
  const first = await attempt((error) => {
    log.error("Cannot start a server: trying again", { server, error, retryMs: RETRY_MS });
  });

  async function tryAgain(): Promise<Running | undefined> {
    let started = first;
    while (started === undefined && !ending.signal.aborted) {
      await clock.sleep(RETRY_MS, ending.signal).catch(() => {});
      if (!ending.signal.aborted) started = await attempt(() => {});
    }
    return started;
  }

  const started = tryAgain();
  return running(async () => {
    ending.abort(new Error("The server was stopped"));
    await (await started)?.stop();
  });
}
