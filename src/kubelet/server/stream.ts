import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { bridgePortForward } from "@fairlead/streaming/port-forward/bridge";
import { PORT_FORWARD_PROTOCOL } from "@fairlead/streaming/port-forward/port-forward";
import { bridgeRemoteCommand } from "@fairlead/streaming/remote-command/bridge";
import { spdyProtocols } from "@fairlead/streaming/remote-command/remote-command";
import { createSpdyConnection, type SpdyConnection } from "@fairlead/streaming/spdy/connection";
import { grantUpgrade } from "@fairlead/streaming/upgrade/answer-upgrade";
import { requestUpgrade, type UpgradeAnswer } from "@fairlead/streaming/upgrade/request-upgrade";
import { splice } from "@fairlead/streaming/upgrade/splice";
import { listedValues } from "@fairlead/streaming/upgrade/upgrade-protocol";
import { acceptWebSocket } from "@fairlead/streaming/websocket/accept-websocket";
import { createChannelConnection } from "@fairlead/streaming/websocket/channel-connection";
import { channelProtocol } from "@fairlead/streaming/websocket/channel-protocol";
import { TUNNEL_PREFIX, webSocketTunnel } from "@fairlead/streaming/websocket/tunnel";
import { Refusal } from "./refusal.ts";
import type { StreamingSession } from "./streaming-url.ts";

/** A client's request to upgrade, not answered yet. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

type Granted = Extract<UpgradeAnswer, { upgraded: true }>;

/**
 * A client that speaks SPDY gets the runtime itself: its bytes are passed on unchanged.
 *
 * @throws {@link Refusal} with the runtime's own answer, before anything was sent to the client.
 */
export async function streamSpdy(upgrade: Upgrade, session: StreamingSession): Promise<void> {
  const versions = listedValues(upgrade.request.headersDistinct["x-stream-protocol-version"]);
  const runtime = await upgradeRuntime(session, versions);
  const { socket } = upgrade;
  grantUpgrade(socket, runtime.headers);
  if (upgrade.head.length > 0) runtime.socket.write(upgrade.head);
  if (runtime.head.length > 0) socket.write(runtime.head);
  await splice(socket, runtime.socket);
}

/**
 * A client that speaks WebSocket is translated to SPDY, which the runtime knows in full.
 *
 * @throws {@link Refusal} before anything was sent to the client.
 */
export async function streamWebSocket(upgrade: Upgrade, session: StreamingSession): Promise<void> {
  const offered = listedValues(upgrade.request.headers["sec-websocket-protocol"]);
  const tunnelled = offered.find((name) => name === TUNNEL_PREFIX + PORT_FORWARD_PROTOCOL);
  if (session.type === "portForward" && tunnelled !== undefined) return tunnel(upgrade, session, tunnelled);

  const protocol = channelProtocol(offered.filter((name) => !name.startsWith("base64url.bearer.authorization.")));
  if (protocol === undefined) {
    throw new Refusal(400, `unable to upgrade: none of the subprotocols ${offered.join(", ")} is supported`);
  }
  const versions = session.type === "remoteCommand" ? spdyProtocols : [PORT_FORWARD_PROTOCOL];
  const runtime = spdyClient(await upgradeRuntime(session, versions));
  try {
    const socket = await acceptWebSocket(upgrade.request, upgrade.socket, upgrade.head, protocol.name);
    const client = createChannelConnection(socket, protocol);
    if (session.type === "remoteCommand") await bridgeRemoteCommand(client, runtime, session.options);
    else await bridgePortForward(client, runtime, session.ports);
  } finally {
    runtime.close();
  }
}

async function tunnel(upgrade: Upgrade, session: StreamingSession, subprotocol: string): Promise<void> {
  const runtime = await upgradeRuntime(session, [subprotocol.slice(TUNNEL_PREFIX.length)]);
  try {
    const socket = await acceptWebSocket(upgrade.request, upgrade.socket, upgrade.head, subprotocol);
    const client = webSocketTunnel(socket);
    if (runtime.head.length > 0) client.write(runtime.head);
    await splice(client, runtime.socket);
  } finally {
    runtime.socket.destroy();
  }
}

async function upgradeRuntime({ url }: StreamingSession, versions: readonly string[]): Promise<Granted> {
  const answer = await requestUpgrade({
    host: url.hostname.replace(/^\[|\]$/g, ""),
    port: Number(url.port || 80),
    method: "POST",
    path: url.pathname + url.search,
    headers: { Connection: "Upgrade", Upgrade: "SPDY/3.1", "X-Stream-Protocol-Version": versions },
  });
  if (answer.upgraded) return answer;
  throw new Refusal(answer.status, answer.body.toString());
}

function spdyClient({ socket, head }: Granted): SpdyConnection {
  return createSpdyConnection({ role: "client", socket, head });
}
