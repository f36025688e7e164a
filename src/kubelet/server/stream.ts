import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { bridgePortForward } from "../../streaming/port-forward/bridge.ts";
import { PORT_FORWARD_PROTOCOL } from "../../streaming/port-forward/port-forward.ts";
import { bridgeRemoteCommand } from "../../streaming/remote-command/bridge.ts";
import { spdyProtocols } from "../../streaming/remote-command/remote-command.ts";
import { createSpdyConnection, type SpdyConnection } from "../../streaming/spdy/connection.ts";
import { grantUpgrade } from "../../streaming/upgrade/answer-upgrade.ts";
import { requestUpgrade, type UpgradeAnswer } from "../../streaming/upgrade/request-upgrade.ts";
import { splice } from "../../streaming/upgrade/splice.ts";
import { listedValues } from "../../streaming/upgrade/upgrade-protocol.ts";
import { acceptWebSocket } from "../../streaming/websocket/accept-websocket.ts";
import { createChannelConnection } from "../../streaming/websocket/channel-connection.ts";
import { channelProtocol } from "../../streaming/websocket/channel-protocol.ts";
import { TUNNEL_PREFIX, webSocketTunnel } from "../../streaming/websocket/tunnel.ts";
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
 * A client that speaks SPDY gets the runtime itself: its bytes are passed on as they are.
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
