import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ApiResponse } from "@fairlead/client/transport/transport";
import { prepareSessionSocket } from "@fairlead/streaming/upgrade/session-socket";
import { acceptWebSocket } from "@fairlead/streaming/websocket/accept-websocket";
import type { WebSocket } from "ws";
import { subprotocolsOf } from "../subresources/without-credentials.ts";
import { textResponse } from "./response.ts";
import { watchMessages } from "./watch-messages.ts";
import { writeRaw } from "./write-response.ts";

/**
 * Message format of a WebSocket. `watch`: one message for each event, text or, in protobuf, binary. `bytes`: the bytes of a log in binary messages,
 * or in base64 in text messages.
 */
export type WebSocketBody = "watch" | "bytes";

/** A client that has asked for a WebSocket. */
export interface WebSocketClient {
  readonly incoming: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

const BASE64 = "base64.binary.k8s.io";
/** Subprotocols of `bytes`. Without one, messages are binary. */
const BYTES_SUBPROTOCOLS: readonly string[] = ["binary.k8s.io", BASE64];

/**
 * Sends the body of an answer over a WebSocket, as fast as the client takes it, and closes it behind the last message. A
 * refusal is sent unchanged, instead of the handshake. Messages of the client are ignored. A client that is cut off loses its
 * connection.
 */
export async function sendOverWebSocket(
  response: ApiResponse,
  kind: WebSocketBody,
  client: WebSocketClient,
): Promise<void> {
  const offered = subprotocolsOf({ "sec-websocket-protocol": client.incoming.headers["sec-websocket-protocol"] ?? "" });
  const subprotocol = response.status === 200 ? chosenSubprotocol(kind, offered) : response;
  if (typeof subprotocol !== "string") {
    if (subprotocol !== response) await dropped(response);
    await writeRaw(client.socket, subprotocol);
    return;
  }
  prepareSessionSocket(client.socket);
  const { incoming, socket, head } = client;
  const webSocket = await acceptWebSocket(incoming, socket, head, subprotocol).catch(() => undefined);
  if (webSocket === undefined) {
    await dropped(response);
    return;
  }
  webSocket.on("error", () => {});
  webSocket.resume();
  response.cutOff?.addEventListener("abort", () => webSocket.terminate());
  try {
    for await (const message of messages(response, kind, subprotocol)) {
      if (webSocket.readyState !== webSocket.OPEN) return;
      await sent(webSocket, message);
    }
  } finally {
    webSocket.close(1000);
  }
}

/** The subprotocol to name in the handshake, empty for none; or the refusal of those that the client offers. */
export function chosenSubprotocol(kind: WebSocketBody, offered: readonly string[]): string | ApiResponse {
  const [first = "", second] = offered;
  if (kind === "watch") {
    // The subprotocol does not change the events: any single one is granted.
    return second === undefined ? first : textResponse(400, "a watch takes one subprotocol at most\n");
  }
  const known = offered.length === 0 ? "" : offered.find((name) => BYTES_SUBPROTOCOLS.includes(name));
  if (known !== undefined) return known;
  const supported = ["", ...BYTES_SUBPROTOCOLS].join(" ");
  return textResponse(
    403,
    `requested protocol(s) are not supported: [${offered.join(" ")}]; supports [${supported}]\n`,
  );
}

/** Closes the body of an answer that is not sent. */
async function dropped({ body }: ApiResponse): Promise<void> {
  await body[Symbol.asyncIterator]().return?.();
}

async function* messages(
  { body, headers }: ApiResponse,
  kind: WebSocketBody,
  subprotocol: string,
): AsyncIterable<string | Uint8Array> {
  if (kind === "watch") {
    yield* watchMessages(body, headers["content-type"]);
    return;
  }
  const encode = (bytes: Uint8Array) => (subprotocol === BASE64 ? Buffer.from(bytes).toString("base64") : bytes);
  // The empty message shows the client that the log is open: the first line may come much later.
  yield encode(new Uint8Array(0));
  for await (const piece of body) yield encode(piece);
}

/** Resolves when the message has left, or the connection is lost. */
async function sent(webSocket: WebSocket, message: string | Uint8Array): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      webSocket.off("close", done);
      resolve();
    };
    webSocket.on("close", done);
    webSocket.send(message, done);
  });
}
