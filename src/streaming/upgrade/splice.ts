import type { Duplex } from "node:stream";
import { prepareSessionSocket } from "./session-socket.ts";

/**
 * Joins two connections until both directions have ended, each direction on its own: an end on one side is passed to
 * the other, whose answer may still be on its way. Resolves then, or as soon as either breaks. Never rejects.
 */
export function splice(left: Duplex, right: Duplex): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let open = 2;
  const closed = (other: Duplex) => () => {
    if (other.writableEnded && !other.writableFinished) other.once("finish", () => other.destroy());
    // One that closed without an end (a reset) cannot take what the other still has.
    else if (!other.readableEnded || !other.writableEnded) other.destroy();
    open -= 1;
    if (open === 0) resolve();
  };
  left.on("error", ignore).once("close", closed(right));
  right.on("error", ignore).once("close", closed(left));
  prepareSessionSocket(left);
  prepareSessionSocket(right);
  left.pipe(right);
  right.pipe(left);
  if (left.destroyed) right.destroy();
  if (right.destroyed) left.destroy();
  return promise;
}

/** An error is always followed by 'close', which is what counts here. */
function ignore(): void {}
