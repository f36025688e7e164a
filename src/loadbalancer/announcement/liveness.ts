import { connect } from "node:net";
import type { Clock } from "@fairlead/lib/clock";
import { type Running, running } from "@fairlead/lib/running";
import { startLoop } from "@fairlead/lib/start-loop";

/** Time between two looks at a machine, and how long one waits, in milliseconds. */
const LOOK_MS = 600;
/** So many looks have to fail, one after another. With the times above a machine is found dead within 1.8 s. */
const FAILURES = 2;
/** MetalLB's port for its members, at which nothing listens here: the kernel's refusal is an answer, whatever else it is busy with. */
const PORT = 7_946;

/** Asks a machine's kernel for a sign of life. Resolves with whether there was one. */
export type Look = (address: string, timeoutMs: number) => Promise<boolean>;

/** Which machines answer. */
export interface Liveness extends Running {
  /** Whether the machine is taken to be there: until looks at it have failed. It is looked at from now on. */
  isAlive(address: string): boolean;
  /** Ends the looks at all other machines. */
  keepOnly(addresses: ReadonlySet<string>): void;
}

interface Seen {
  failures: number;
  isAlive: boolean;
}

/** @param onChange - Called when a machine was found dead, or alive again. */
export function startLiveness({
  onChange,
  look = lookByTcp,
  clock,
}: {
  readonly onChange: () => void;
  readonly look?: Look;
  readonly clock: Clock;
}): Liveness {
  const seen = new Map<string, Seen>();

  async function lookAt(address: string): Promise<void> {
    const answered = await look(address, LOOK_MS);
    const machine = seen.get(address);
    if (machine === undefined) return;
    machine.failures = answered ? 0 : machine.failures + 1;
    const isAlive = machine.failures < FAILURES && (answered || machine.isAlive);
    if (isAlive === machine.isAlive) return;
    machine.isAlive = isAlive;
    onChange();
  }

  const loop = startLoop({
    clock,
    async turn() {
      for (const address of seen.keys()) void lookAt(address);
      return seen.size === 0 ? Number.POSITIVE_INFINITY : LOOK_MS;
    },
  });
  return {
    ...running(() => loop.stop()),
    isAlive(address) {
      const machine = seen.get(address);
      if (machine !== undefined) return machine.isAlive;
      seen.set(address, { failures: 0, isAlive: true });
      if (seen.size === 1) loop.wake();
      return true;
    },
    keepOnly(addresses) {
      for (const address of seen.keys()) if (!addresses.has(address)) seen.delete(address);
    },
  };
}

/** A connection that is refused is a sign of life as well. */
export const lookByTcp: Look = (address, timeoutMs) =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port: PORT });
    let timer: NodeJS.Timeout | undefined;
    const end = (answered: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answered);
    };
    // When this process was held up, an answer may have come that it has not read yet.
    timer = setTimeout(() => setImmediate(() => setImmediate(end, false)), timeoutMs);
    socket.once("connect", () => end(true));
    socket.on("error", (error: NodeJS.ErrnoException) => end(error.code === "ECONNREFUSED"));
  });
