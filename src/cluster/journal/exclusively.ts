import { createServer, type Server } from "node:net";
import { ExpectedError } from "@fairlead/lib/expected-error";

const RETRY_MS = 20;
/** For work that takes milliseconds. */
const WAIT_MS = 10_000;

export interface ExclusivelyOptions {
  /** How long to wait for other processes that have the lock, in milliseconds. More than their work takes. Default: 10 s. */
  readonly waitMs?: number;
}

/**
 * Does something that no other process of this machine does meanwhile.
 *
 * The lock is a socket in Linux's abstract namespace (unix(7)): the kernel lets go of it when its holder ends, however
 * it ends.
 *
 * @param what - Names the lock.
 * @throws {ExpectedError} when another process has not released it after `waitMs`.
 */
export async function exclusively<T>(
  what: string,
  work: () => Promise<T>,
  { waitMs = WAIT_MS }: ExclusivelyOptions = {},
): Promise<T> {
  const lock = await acquire(`\0fairlead-${what}`, what, waitMs);
  try {
    return await work();
  } finally {
    await new Promise((resolve) => lock.close(resolve));
  }
}

async function acquire(socketName: string, what: string, waitMs: number): Promise<Server> {
  for (const deadline = performance.now() + waitMs; ; ) {
    const lock = await tryToListen(socketName);
    if (lock !== undefined) return lock;
    if (performance.now() > deadline) throw new ExpectedError(`Cannot ${what}: another fairlead is doing it`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function tryToListen(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen({ path }, () => resolve(server));
  });
}
