import { processorSeconds } from "../processes.ts";
import type { Side } from "./side.ts";

/** Time that passed while a piece of work was done, and processor time spent on it, in seconds. */
export interface Spent {
  readonly seconds: number;
  /** Of the server's processes. Undefined when they are not known. */
  readonly server: number | undefined;
  /** Of this process, with all its threads: the clients. */
  readonly clients: number;
}

/** Does a piece of work and measures what it takes on both ends. */
export async function spentOn(side: Side, work: () => Promise<unknown>): Promise<Spent> {
  const server = () => (side.pids.length === 0 ? undefined : processorSeconds(side.pids));
  const before = await server();
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  await work();
  const seconds = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const after = await server();
  return {
    seconds,
    server: before === undefined || after === undefined ? undefined : after - before,
    clients: (user + system) / 1e6,
  };
}
