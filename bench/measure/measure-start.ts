import { setTimeout as pause } from "node:timers/promises";
import type { Access } from "./connection.ts";
import { ready } from "./ready.ts";
import type { ServerMemory, ServerProcess } from "./server-process.ts";

export interface StartOptions {
  readonly server: ServerProcess;
  readonly access: Access;
  readonly timeoutMs: number;
  /** Called with the seconds since the spawn when the API answers `/readyz`: a server may end before everything has started. */
  onReady(seconds: number): void;
}

export interface StartFigures {
  /** Since the spawn. */
  readonly startedSeconds: number;
  /** Of the server, until everything had started. */
  readonly processorSeconds: number;
  readonly memory: ServerMemory;
}

/** Waits until a server that was just spawned answers, and until everything in it has started. */
export async function measureStart({ server, access, timeoutMs, onReady }: StartOptions): Promise<StartFigures> {
  const sinceSpawn = () => (performance.now() - server.spawnedMs) / 1000;
  const started = server.logged("Control plane started").then(async () => {
    const startedSeconds = sinceSpawn();
    const [processorSeconds, memory] = await Promise.all([server.seconds(), server.memory()]);
    return { startedSeconds, processorSeconds, memory };
  });
  const answered = ready(access, timeoutMs).then(() => onReady(sinceSpawn()));
  const inTime = new AbortController();
  const late = pause(timeoutMs, undefined, { signal: inTime.signal }).then(() => {
    throw new Error(`Timed out after ${timeoutMs} ms waiting for the control plane to start:\n${server.output()}`);
  });
  late.catch(() => {});
  try {
    const [figures] = await Promise.race([Promise.all([started, answered]), late]);
    return figures;
  } finally {
    inTime.abort();
  }
}
