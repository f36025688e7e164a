import { Duplex } from "node:stream";
import type { SpdyHeaders } from "./header-block.ts";

/** One stream: a Node duplex. Ending it half-closes, destroying it resets. */
export type SpdyStream = Duplex & {
  readonly headers: SpdyHeaders;
  /** Whether what was read ended without the peer's word that it was all: it, or the connection, has gone. */
  readonly cutOff: boolean;
};

/** What a stream asks of its connection. */
export interface StreamOutlet {
  write(data: Uint8Array, done: (error?: Error | null) => void): void;
  /** Half-closes: nothing more will be written. */
  end(done: (error?: Error | null) => void): void;
  reset(): void;
  /** The reader has caught up, or there is nothing more to come. */
  wantMore(): void;
  /** The stream is over in both directions. */
  gone(): void;
}

/** What the connection does to a stream. */
export interface StreamInlet {
  readonly stream: SpdyStream;
  /** Answers false when the reader is behind. */
  receive(data: Uint8Array): boolean;
  /** The peer will send no more. */
  endRead(): void;
  /** The peer will neither send nor listen. What has arrived can still be read. */
  endBoth(): void;
}

/** Writes are cut into frames of at most this size, so that one stream does not hold up the others. */
const FRAME_MAX_BYTES = 32_768;
const BUFFER_BYTES = 262_144;

export function createSpdyStream(headers: SpdyHeaders, outlet: StreamOutlet): StreamInlet {
  let readEnded = false;
  let deaf = false;
  const duplex = new Duplex({
    highWaterMark: BUFFER_BYTES,
    read: () => outlet.wantMore(),
    write(chunk: Buffer, _encoding, done) {
      if (deaf) {
        done(new Error("SPDY stream was closed by the peer"));
        return;
      }
      for (let at = FRAME_MAX_BYTES; at < chunk.length; at += FRAME_MAX_BYTES) {
        outlet.write(chunk.subarray(at - FRAME_MAX_BYTES, at), ignore);
      }
      const lastLength = chunk.length % FRAME_MAX_BYTES || FRAME_MAX_BYTES;
      outlet.write(chunk.subarray(Math.max(0, chunk.length - lastLength)), done);
    },
    final(done) {
      if (deaf) done();
      else outlet.end(done);
    },
    destroy(error, done) {
      const finished = readEnded && duplex.writableFinished;
      if (!finished && !deaf) outlet.reset();
      outlet.gone();
      done(error);
    },
  });
  // An error says that the peer or the connection has gone; a pipe sees it by 'close' as well.
  duplex.on("error", ignore);

  const stream = Object.assign(duplex, { headers, cutOff: false });
  const endRead = () => {
    if (readEnded) return;
    readEnded = true;
    duplex.push(null);
    // Behind or not, its reader has all there is, and is never asked for more: others must not wait for it.
    outlet.wantMore();
  };
  return {
    stream,
    receive: (data) => readEnded || duplex.destroyed || duplex.push(data),
    endRead,
    endBoth() {
      deaf = true;
      stream.cutOff ||= !readEnded;
      endRead();
      if (!duplex.writableEnded) duplex.end();
    },
  };
}

function ignore(): void {}
