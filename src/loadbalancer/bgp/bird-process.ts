import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import { createBackOff } from "@fairlead/lib/back-off";
import type { Clock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import { askBird, BirdSilence } from "./bird-control.ts";
import { readSessions, type SessionState } from "./read-sessions.ts";

/** Where Debian's package `bird2` has it. */
const PROGRAM = "/usr/sbin/bird";
/** Pauses before it is started again after it has ended, in milliseconds. */
const RESTART_MS = { initialMs: 500, maxMs: 30_000 };
/** It has run well when it has run so long. */
const WELL_MS = 10_000;
/** How long it may take to end, in milliseconds: it says to its peers that it does. Then it is killed. */
const END_MS = 3_000;
/** Longest part of what it prints that is logged, in characters. */
const LOG_MAX = 1_000;

export interface BirdOptions {
  /** A folder of its own: made, and removed at the end. */
  readonly folder: string;
  readonly log: Logger;
  readonly clock: Clock;
}

/** A BIRD that runs as long as it is wanted. It ends with this process: the kernel sees to that. */
export interface Bird extends Running {
  /** Makes this its configuration; starts it the first time. @throws {BirdRefusal} when it refuses. */
  configure(text: string): Promise<void>;
  /** The states of its sessions; none while it does not answer. */
  sessions(): Promise<ReadonlyMap<string, SessionState>>;
}

/** Whether it is installed. */
export async function isBirdThere(): Promise<boolean> {
  return access(PROGRAM, constants.X_OK).then(
    () => true,
    () => false,
  );
}

export function createBird({ folder, log, clock }: BirdOptions): Bird {
  const [file, socketPath] = [path.join(folder, "bird.conf"), path.join(folder, "bird.ctl")];
  const backOff = createBackOff(RESTART_MS);
  let loop: Running | undefined;
  let configured = "";

  async function turn(signal: AbortSignal): Promise<number> {
    const startedMs = clock.monotonicMs();
    const last = await run(["-f", "-c", file, "-s", socketPath], signal);
    if (signal.aborted) return 0;
    if (clock.monotonicMs() - startedMs > WELL_MS) backOff.reset();
    log.warn("BIRD ended: starting it again", { last });
    return backOff.next();
  }

  /** Resolves when it has ended, with the last that it printed. */
  async function run(args: readonly string[], signal: AbortSignal): Promise<string> {
    const child = spawn("setpriv", ["--pdeathsig", "TERM", PROGRAM, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let printed = "";
    (child.stderr as Readable | null)?.setEncoding("utf8").on("data", (piece: string) => {
      printed = (printed + piece).slice(-LOG_MAX);
      log.debug("BIRD says", { text: piece.trim().slice(0, LOG_MAX) });
    });
    const killing = new AbortController();
    const end = () => {
      child.kill("SIGTERM");
      const kill = () => child.kill("SIGKILL");
      void clock.sleep(END_MS, killing.signal).then(kill, () => {});
    };
    signal.addEventListener("abort", end);
    const ended = new Promise<string>((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", () => resolve(printed.trim()));
    });
    try {
      if (signal.aborted) end();
      return await ended;
    } finally {
      killing.abort();
      signal.removeEventListener("abort", end);
    }
  }

  return {
    async configure(text) {
      if (text === configured) return;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomically(file, text);
      if (loop === undefined) loop = startLoop({ turn, clock });
      else await askBird(socketPath, "configure");
      configured = text;
    },
    async sessions() {
      try {
        return readSessions(await askBird(socketPath, "show protocols"));
      } catch (error) {
        if (!(error instanceof BirdSilence)) throw error;
        log.debug("Cannot ask BIRD", { error });
        return new Map();
      }
    },
    ...running(async () => {
      await loop?.stop();
      await rm(folder, { recursive: true, force: true });
    }),
  };
}
