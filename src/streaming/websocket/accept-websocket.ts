import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";

/** Largest message taken. Clients send at most some 32 KiB in one. */
const MESSAGE_MAX_BYTES = 4 * 1024 * 1024;

/**
 * Answers the handshake of a WebSocket and takes the connection over. It is paused: `resume()` it when listeners are set.
 *
 * @param subprotocol - Named in the answer; empty for none.
 */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  subprotocol: string,
): Promise<WebSocket> {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MESSAGE_MAX_BYTES,
    perMessageDeflate: false,
  });
  if (subprotocol !== "") server.on("headers", (lines) => lines.push(`Sec-WebSocket-Protocol: ${subprotocol}`));
  return new Promise((resolve, reject) => {
    server.once("wsClientError", (error) => {
      reject(error);
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    socket.once("close", () => reject(new Error("the client closed the connection during the WebSocket handshake")));
    server.handleUpgrade(withoutSubprotocols(request), socket, head, (webSocket) => {
      // At once: what the client has already sent would be read before the promise's owner can listen.
      webSocket.pause();
      resolve(webSocket);
    });
  });
}

/** The library refuses subprotocols that are no tokens, such as `SPDY/3.1+portforward.k8s.io`. They were read before. */
function withoutSubprotocols(request: IncomingMessage): IncomingMessage {
  const { "sec-websocket-protocol": _, ...headers } = request.headers;
  return Object.create(request, { headers: { value: headers } });
}
