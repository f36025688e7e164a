import { setTimeout as pause } from "node:timers/promises";
import type { Access } from "./connection.ts";
import { ready } from "./ready.ts";
import type { ServerMemory, ServerProcess } from "./server-process.ts";

export interface StartFigures {
  readonly readySeconds: number;
  readonly startedSeconds: number;
  /** Of the server, until everything had started. */
  readonly processorSeconds: number;
  readonly memory: ServerMemory;
}

/** Waits until a server that was just spawned works. Seconds count from there. */
export async function measureStart(server: ServerProcess, access: Access, timeoutMs: number): Promise<StartFigures> {
  const sinceSpawn = () => (performance.now() - server.spawnedMs) / 1000;
  const started = server.logged("Control plane started").then(async () => {
    const startedSeconds = sinceSpawn();
    const [processorSeconds, memory] = await Promise.all([server.seconds(), server.memory()]);
    return { startedSeconds, processorSeconds, memory };
  });
  const inTime = new AbortController();
  const late = pause(timeoutMs, undefined, { signal: inTime.signal }).then(() => {
    throw new Error(`Timed out after ${timeoutMs} ms waiting for the control plane to start:\n${server.output()}`);
  });
  const answered = ready(access, timeoutMs).then(sinceSpawn);
  try {
    const [readySeconds, figures] = await Promise.race([Promise.all([answered, started]), late]);
    return { readySeconds, ...figures };
  } finally {
    inTime.abort();
    late.catch(() => {});
  }
}
