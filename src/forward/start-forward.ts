import { createServer, type Server, type Socket } from "node:net";
import { StatusError } from "@fairlead/api/status-error";
import type { Client } from "@fairlead/client/client";
import { isConnectionError } from "@fairlead/client/transport/connection-error";
import type { Clock } from "@fairlead/lib/clock";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { createRecent, type Recent } from "@fairlead/lib/recent";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { Backend } from "./backends.ts";
import { chooseBackend, type LastChoice } from "./choose-backend.ts";
import type { TargetView } from "./find-backends.ts";
import { viewTarget } from "./find-backends.ts";
import { type LocalPort, localPorts, otherPort } from "./local-ports.ts";
import type { PodConnection } from "./pod-connections.ts";
import { type EarlyBytes, relay } from "./relay.ts";
import { describeTarget, type Target, type WantedForward } from "./target.ts";

export interface ForwardOptions {
  readonly client: Client;
  /** Opens a connection to a port of a pod. Throws what {@link Client} throws. */
  readonly open: (backend: Backend) => Promise<PodConnection>;
  readonly forwards: readonly WantedForward[];
  /** Addresses of this machine. */
  readonly addresses: readonly string[];
  /** Called for each port once it listens. */
  readonly onListening: (line: string) => void;
  /** Called for every connection that could not be served. */
  readonly onTrouble: (line: string) => void;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** How long a connection waits for an API server that is away. Default 30,000. */
  readonly apiWaitMs?: number;
}

/** Clients that are remembered for `sessionAffinity`. */
const CLIENTS_MAX = 4_096;

/** One port that is forwarded. */
interface Forwarded {
  readonly target: Target;
  readonly view: TargetView;
  readonly port: number | string;
  /** By the client's address. */
  readonly lastChoices: Recent<LastChoice>;
}

/**
 * Listens on ports of this machine and leads each connection to a pod: chosen when the connection begins, so that pods may come
 * and go. Needs the API alone. Resolves when every port listens.
 *
 * @throws {StatusError} when a target is not there or may not be read, {@link ExpectedError} when it has no such port or
 * a port of this machine cannot be used.
 */
export async function startForward(options: ForwardOptions): Promise<Running> {
  const { client, forwards, addresses, onListening } = options;
  const sockets = new Set<Socket>();
  await using listening = new AsyncDisposableStack();
  for (const { target, ports } of forwards) {
    const view = viewTarget(client, target);
    for (const { local, port } of localPorts(target, ports, await view.declaredPorts())) {
      const forwarded: Forwarded = { target, view, port, lastChoices: createRecent(CLIENTS_MAX) };
      for (const address of addresses) {
        const server = await listen(address, { local, port }, (socket) => {
          sockets.add(socket.on("close", () => sockets.delete(socket)));
          void serve(socket, forwarded, options);
        });
        listening.defer(() => void server.close());
        onListening(`Forwarding from ${addressOf(server)} -> ${target.name}:${port}`);
      }
    }
  }
  const owned = listening.move();
  return running(async () => {
    await owned.disposeAsync();
    for (const socket of sockets) socket.destroy();
  });
}

function listen(host: string, wanted: LocalPort, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, onConnection);
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(listenError(host, wanted, error)));
    server.listen({ host, port: wanted.local, exclusive: true }, () => resolve(server));
  });
}

function listenError(host: string, { local, port }: LocalPort, cause: NodeJS.ErrnoException): Error {
  const another = `choose another port, as in ${otherPort(local)}:${port}, or :${port} for any free one`;
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `something listens there; ${another}`,
    EACCES: `ports below 1024 are root's; ${another}`,
    EADDRNOTAVAIL: "this machine does not have the address",
  };
  const reason = reasons[cause.code ?? ""] ?? cause.message;
  return new ExpectedError(`Cannot listen on port ${local} of ${host}: ${reason}`, { cause });
}

function addressOf(server: Server): string {
  const at = server.address();
  if (at === null || typeof at === "string") throw new Error("Cannot tell where the server listens");
  return at.family === "IPv6" ? `[${at.address}]:${at.port}` : `${at.address}:${at.port}`;
}

/** Never rejects: what goes wrong is the client's reset and a line. */
async function serve(socket: Socket, forwarded: Forwarded, options: ForwardOptions): Promise<void> {
  // 'close' follows.
  socket.on("error", () => {});
  try {
    const trouble = await lead(socket, forwarded, options);
    if (trouble === undefined) return;
    options.onTrouble(
      `Cannot forward a connection to ${describeTarget(forwarded.target)} port ${forwarded.port}: ${trouble}`,
    );
  } catch (error) {
    options.onTrouble(`Cannot forward a connection: ${(error as Error).message}`);
  }
  socket.resetAndDestroy();
}

const API_WAIT_MS = 30_000;
const API_PAUSE_MS = 200;

/** Resolves when the connection is over: with what went wrong, or nothing. */
async function lead(socket: Socket, forwarded: Forwarded, options: ForwardOptions): Promise<string | undefined> {
  const { clock, apiWaitMs = API_WAIT_MS } = options;
  const giveUpMs = clock.monotonicMs() + apiWaitMs;
  const early: EarlyBytes = { pieces: [], ended: false };
  const refused: Backend[] = [];
  let reason: string | undefined;
  while (!socket.destroyed) {
    try {
      const backends = await forwarded.view.backends(forwarded.port);
      const backend = choose(socket, { forwarded, backends, refused }, options);
      if (backend === undefined) return reason ?? backends.problem;
      const end = await attempt(socket, { backend, early }, options);
      if (end.type === "ended") return undefined;
      reason = `pod ${backend.pod}: ${end.reason}`;
      if (end.type === "broken") return reason;
      refused.push(backend);
    } catch (error) {
      if (!isAway(error)) return (error as Error).message;
      if (clock.monotonicMs() >= giveUpMs) return (error as Error).message;
      await clock.sleep(API_PAUSE_MS);
    }
  }
  return undefined;
}

function choose(
  { remoteAddress = "" }: Socket,
  at: {
    readonly forwarded: Forwarded;
    readonly backends: Awaited<ReturnType<TargetView["backends"]>>;
    readonly refused: readonly Backend[];
  },
  { clock, random }: ForwardOptions,
): Backend | undefined {
  const { lastChoices } = at.forwarded;
  const nowMs = clock.monotonicMs();
  const last = lastChoices.get(remoteAddress);
  const backend = chooseBackend(at.backends, { refused: at.refused, last, nowMs, random: random() });
  if (backend !== undefined && at.backends.affinitySeconds !== undefined) {
    lastChoices.set(remoteAddress, { backend, atMs: nowMs });
  }
  return backend;
}

/** What the server refuses for this pod (it has gone, its node does not answer) may go well with another one. */
async function attempt(
  socket: Socket,
  { backend, early }: { readonly backend: Backend; readonly early: EarlyBytes },
  { open }: ForwardOptions,
): ReturnType<typeof relay> {
  let pod: PodConnection;
  try {
    pod = await open(backend);
  } catch (error) {
    if (error instanceof StatusError) return { type: "refused", reason: error.message };
    throw error;
  }
  return await relay(socket, pod, early);
}

/** An API server that is being started again cannot be reached, or says that it is not ready. */
function isAway(error: unknown): boolean {
  return isConnectionError(error) || (error instanceof StatusError && error.code === 503);
}
