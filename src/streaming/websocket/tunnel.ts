import { Duplex } from "node:stream";
import type { WebSocket } from "ws";

/** Prefix of subprotocols that carry another protocol's bytes unchanged: `SPDY/3.1+portforward.k8s.io`. */
export const TUNNEL_PREFIX = "SPDY/3.1+";

/** A WebSocket whose binary messages are one stream of bytes. Their borders mean nothing. */
export function webSocketTunnel(socket: WebSocket): Duplex {
  const duplex = new Duplex({
    read: () => socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      if (socket.readyState !== socket.OPEN) done(new Error("WebSocket is closed"));
      else socket.send(chunk, { binary: true }, done);
    },
    final(done) {
      // There is no half-close: the client takes this as the end of both directions.
      socket.close(1000);
      done();
    },
    destroy(error, done) {
      socket.terminate();
      done(error);
    },
  });
  socket.on("message", (message) => {
    if (!duplex.push(message as Buffer)) socket.pause();
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    duplex.push(null);
    duplex.end();
  });
  return duplex;
}
