import { setTimeout as pause } from "node:timers/promises";
import { type Access, ask, openConnection } from "./connection.ts";

const INTERVAL_MS = 20;

/** Asks a server that is starting until it says that it is ready. */
export async function ready(access: Access, timeoutMs: number): Promise<void> {
  let problem: unknown;
  for (const endMs = performance.now() + timeoutMs; performance.now() < endMs; await pause(INTERVAL_MS)) {
    try {
      await using connection = await openConnection(access);
      await ask(connection.session, { path: "/readyz" });
      return;
    } catch (error) {
      problem = error;
    }
  }
  throw new Error(`Timed out after ${timeoutMs} ms waiting for the server to be ready`, { cause: problem });
}
