import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import type { Duplex } from "node:stream";
import type { PodRuntime, StreamRequest } from "../../src/kubelet/runtime/pod-runtime.ts";
import { acceptPortForward } from "../../src/streaming/port-forward/accept-pairs.ts";
import { PORT_FORWARD_PROTOCOL } from "../../src/streaming/port-forward/port-forward.ts";
import { acceptRemoteCommand } from "../../src/streaming/remote-command/accept-streams.ts";
import { type ExitStatus, encodeExitStatus } from "../../src/streaming/remote-command/exit-status.ts";
import { type RemoteCommandStreams, spdyProtocols } from "../../src/streaming/remote-command/remote-command.ts";
import { grantUpgrade, refuseUpgrade } from "../../src/streaming/upgrade/answer-upgrade.ts";
import { listedValues, negotiate } from "../../src/streaming/upgrade/upgrade-protocol.ts";

/** A container runtime whose containers are processes of this machine, behind a streaming server that speaks SPDY only. */
export interface ProcessRuntime extends AsyncDisposable {
  readonly runtime: PodRuntime;
  /** Any will do: every command runs on this machine. */
  readonly containerId: string;
  readonly sandboxId: string;
  /** Sizes that clients have given their terminals, as they came: `{"Width":80,"Height":24}`. */
  readonly resizes: string[];
  /** Breaks every connection to the runtime off, as its end would. */
  breakSessions(): void;
}

interface Session {
  readonly request: StreamRequest | undefined;
  readonly command: readonly string[];
}

/** @param attached - The command that attaching to any container shows. */
export async function startProcessRuntime(attached: readonly string[]): Promise<ProcessRuntime> {
  const sessions = new Map<string, Session>();
  const resizes: string[] = [];
  const children = new Set<ChildProcess>();
  const server = createServer();
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (request, socket, head) => {
    upgraded.add(socket.once("close", () => upgraded.delete(socket)));
    const token = request.url?.split("/").at(-1) ?? "";
    const session = sessions.get(token);
    sessions.delete(token);
    if (session === undefined) refuseUpgrade(socket, 404, "text/plain", "no such session");
    else if (session.request === undefined) forwardPorts(request, socket, head);
    else void runSession(request, socket, head, session.request, session.command);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;

  const url = (session: Session) => {
    const token = crypto.randomUUID();
    sessions.set(token, session);
    return Promise.resolve(`http://127.0.0.1:${port}/stream/${token}`);
  };
  const partial: Partial<PodRuntime> = {
    execUrl: ({ command, ...request }) => url({ request, command }),
    attachUrl: (request) => url({ request, command: attached }),
    portForwardUrl: () => url({ request: undefined, command: [] }),
    listSandboxes: async () => [],
    listContainers: async () => [],
    containerStatus: () => Promise.reject(new Error("not found")),
  };
  return {
    runtime: partial as PodRuntime,
    containerId: "container-1",
    sandboxId: "sandbox-1",
    resizes,
    breakSessions: () => {
      for (const socket of upgraded) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill("SIGKILL");
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };

  async function runSession(
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
    options: StreamRequest,
    command: readonly string[],
  ): Promise<void> {
    const version = negotiate(listedValues(request.headersDistinct["x-stream-protocol-version"]), spdyProtocols);
    grantSpdy(socket, version ?? "");
    const accepted = await acceptRemoteCommand(socket, head, options).catch(() => undefined);
    if (accepted === undefined) return;
    const { streams, connection } = accepted;
    streams.resize?.on("data", (size: Buffer) => resizes.push(size.toString().trim()));
    const status = await runProcess(command, streams, children);
    await new Promise<void>((done) => {
      streams.error.end(encodeExitStatus(status), done);
    });
    connection.close();
  }
}

function runProcess(
  [program = "", ...args]: readonly string[],
  streams: RemoteCommandStreams,
  children: Set<ChildProcess>,
): Promise<ExitStatus> {
  return new Promise((resolve) => {
    const child = spawn(program, args);
    children.add(child);
    if (streams.stdin === undefined) child.stdin.end();
    else streams.stdin.pipe(child.stdin);
    child.stdin.on("error", () => {});
    if (streams.stdout !== undefined) child.stdout.pipe(streams.stdout);
    if (streams.stderr !== undefined) child.stderr.pipe(streams.stderr);
    child.once("error", (error) => resolve({ type: "failed", message: error.message }));
    child.once("close", (code) => {
      children.delete(child);
      resolve({ type: "exited", exitCode: code ?? 137 });
    });
  });
}

function forwardPorts(_request: IncomingMessage, socket: Duplex, head: Buffer): void {
  grantSpdy(socket, PORT_FORWARD_PROTOCOL);
  acceptPortForward(socket, head, ({ port, data, error }) => {
    const target = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    target.once("error", (cause) => {
      error.end(`failed to connect to port ${port}: ${cause.message}`);
      data.destroy();
    });
    target.once("connect", () => {
      error.end();
      data.pipe(target).pipe(data);
    });
  });
}

function grantSpdy(socket: Duplex, version: string): void {
  grantUpgrade(socket, [
    ["Connection", "Upgrade"],
    ["Upgrade", "SPDY/3.1"],
    ["X-Stream-Protocol-Version", version],
  ]);
}
