import type { Duplex } from "node:stream";
import { prepareSessionSocket } from "../upgrade/session-socket.ts";
import { createFrameDecoder } from "./decode-frame.ts";
import { encodeFrame } from "./encode-frame.ts";
import { type Frame, goawayStatus, resetStatus } from "./frame.ts";
import { createHeaderCompressor, createHeaderDecompressor, type SpdyHeaders } from "./header-block.ts";
import { ProtocolError } from "./protocol-error.ts";
import { createSpdyStream, type SpdyStream } from "./stream.ts";

/** A SPDY/3.1 connection as Kubernetes uses it: streams in both directions over one upgraded HTTP/1.1 connection. */
export interface SpdyConnection {
  /** Opens a stream. Resolves when the peer has accepted it; rejects when it refuses or the connection ends first. */
  createStream(headers: SpdyHeaders): Promise<SpdyStream>;
  /** Resolves when the peer has answered. */
  ping(): Promise<void>;
  /** Tells the peer that no new streams will be taken, ends those that are open, and closes the socket. */
  close(): void;
  /** Resolves with what broke the connection, or with nothing when either side closed it. Never rejects. */
  readonly closed: Promise<Error | undefined>;
}

export interface SpdyConnectionOptions {
  readonly role: "client" | "server";
  /** The upgraded connection. */
  readonly socket: Duplex;
  /** Bytes that came together with the upgrade. */
  readonly head?: Uint8Array;
  /** A stream the peer opens: `accept` takes it; returning without it refuses the stream. Default: refuse all. */
  readonly onStream?: (headers: SpdyHeaders, accept: () => SpdyStream) => void;
}

/** How long the peer may take to close its side. */
const LINGER_MS = 5_000;

interface OpenStream {
  readonly stream: SpdyStream;
  readonly receive: (data: Uint8Array) => boolean;
  readonly endRead: () => void;
  readonly endBoth: () => void;
  /** Set until the peer has answered SYN_REPLY. */
  waiting?: { readonly accepted: () => void; readonly refused: (reason: Error) => void } | undefined;
}

/**
 * Speaks SPDY/3.1 over a socket.
 *
 * Flow control is the socket's: as in moby/spdystream, which is at the other end of nearly every such connection, WINDOW_UPDATE
 * is neither sent nor waited for (waiting would stop every stream after 64 KiB). A stream nobody reads stops the whole connection.
 */
export function createSpdyConnection({ role, socket, head, onStream }: SpdyConnectionOptions): SpdyConnection {
  const compress = createHeaderCompressor();
  const decoder = createFrameDecoder(createHeaderDecompressor());
  const streams = new Map<number, OpenStream>();
  /** Streams whose reader is behind. */
  const blocked = new Set<number>();
  const pings = new Map<number, () => void>();
  let nextStreamId = role === "client" ? 1 : 2;
  let nextPingId = nextStreamId;
  let lastPeerStreamId = 0;
  let closing = false;
  const { promise: closed, resolve: resolveClosed } = Promise.withResolvers<Error | undefined>();

  prepareSessionSocket(socket);
  socket.on("data", receive);
  socket.on("end", () => finish(undefined));
  socket.on("close", () => finish(undefined));
  socket.on("error", finish);
  // Later, so that the caller holds the connection when its first stream comes.
  if (head !== undefined && head.length > 0) setImmediate(receive, head);

  return {
    closed,
    async createStream(headers) {
      if (closing) throw new Error("Cannot open a SPDY stream: the connection is closing");
      const streamId = nextStreamId;
      nextStreamId += 2;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const open = add(streamId, headers);
      open.waiting = { accepted: resolve, refused: reject };
      send({ type: "synStream", streamId, fin: false, unidirectional: false, headers });
      await promise;
      return open.stream;
    },
    ping() {
      const id = nextPingId;
      nextPingId += 2;
      return new Promise((resolve, reject) => {
        pings.set(id, resolve);
        void closed.then((error) => reject(error ?? new Error("SPDY connection closed before the ping was answered")));
        send({ type: "ping", id });
      });
    },
    close() {
      if (closing) return;
      send({ type: "goaway", lastGoodStreamId: lastPeerStreamId, status: goawayStatus.ok });
      finish(undefined);
    },
  };

  function receive(bytes: Uint8Array): void {
    if (closing) return;
    try {
      for (const frame of decoder.push(bytes)) handle(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      send({ type: "goaway", lastGoodStreamId: lastPeerStreamId, status: goawayStatus.protocolError });
      finish(error);
    }
  }

  function handle(frame: Frame): void {
    switch (frame.type) {
      case "synStream":
        acceptStream(frame.streamId, frame.headers, frame.fin);
        return;
      case "data":
        receiveData(frame.streamId, frame.data, frame.fin);
        return;
      case "synReply":
        receiveReply(frame.streamId, frame.fin);
        return;
      case "headers":
        if (frame.fin) streams.get(frame.streamId)?.endRead();
        return;
      case "rstStream":
        receiveReset(frame.streamId, frame.status);
        return;
      case "ping":
        receivePing(frame.id);
        return;
      case "goaway":
        // The peer takes no new streams; those that are open may come to their end, and the peer closes then.
        return;
      case "settings":
      case "windowUpdate":
        return;
    }
  }

  function acceptStream(streamId: number, headers: SpdyHeaders, fin: boolean): void {
    const fromPeer = streamId % 2 === (role === "client" ? 0 : 1);
    if (!fromPeer || streamId <= lastPeerStreamId) throw new ProtocolError(`SYN_STREAM with stream id ${streamId}`);
    lastPeerStreamId = streamId;
    let accepted: OpenStream | undefined;
    onStream?.(headers, () => {
      if (accepted !== undefined) return accepted.stream;
      accepted = add(streamId, headers);
      send({ type: "synReply", streamId, fin: false, headers: new Map() });
      return accepted.stream;
    });
    if (accepted === undefined) send({ type: "rstStream", streamId, status: resetStatus.refusedStream });
    else if (fin) accepted.endRead();
  }

  function receiveReply(streamId: number, fin: boolean): void {
    const open = streams.get(streamId);
    open?.waiting?.accepted();
    if (open !== undefined) open.waiting = undefined;
    if (fin) open?.endRead();
  }

  function receiveData(streamId: number, data: Uint8Array, fin: boolean): void {
    const open = streams.get(streamId);
    // The stream was reset here while the data was on its way.
    if (open === undefined) return;
    if (data.length > 0 && !open.receive(data)) {
      blocked.add(streamId);
      socket.pause();
    }
    if (fin) open.endRead();
  }

  function receiveReset(streamId: number, status: number): void {
    const open = streams.get(streamId);
    open?.waiting?.refused(new Error(`The peer refused the SPDY stream with status ${status}`));
    // What has arrived may still be read: runtimes reset their streams when a command has ended.
    open?.endBoth();
  }

  function receivePing(id: number): void {
    const ours = id % 2 === (role === "client" ? 1 : 0);
    if (!ours) send({ type: "ping", id });
    pings.get(id)?.();
    pings.delete(id);
  }

  function add(streamId: number, headers: SpdyHeaders): OpenStream {
    const open: OpenStream = createSpdyStream(headers, {
      write: (data, done) => write({ type: "data", streamId, fin: false, data }, done),
      end: (done) => write({ type: "data", streamId, fin: true, data: new Uint8Array(0) }, done),
      reset: () => send({ type: "rstStream", streamId, status: resetStatus.cancel }),
      wantMore: () => {
        if (blocked.delete(streamId) && blocked.size === 0) socket.resume();
      },
      gone: () => {
        streams.delete(streamId);
        if (blocked.delete(streamId) && blocked.size === 0) socket.resume();
      },
    });
    streams.set(streamId, open);
    return open;
  }

  function send(frame: Frame): void {
    if (!closing && socket.writable) socket.write(encodeFrame(frame, compress));
  }

  function write(frame: Frame, done: (error?: Error | null) => void): void {
    if (closing || !socket.writable) done(new Error("SPDY connection is closed"));
    else socket.write(encodeFrame(frame, compress), done);
  }

  function finish(error: Error | undefined): void {
    if (closing) return;
    closing = true;
    for (const open of [...streams.values()]) {
      open.waiting?.refused(error ?? new Error("SPDY connection closed before the stream was accepted"));
      open.endBoth();
    }
    // What was written last, such as the reason, should still arrive; a peer that does not close is not waited for.
    const linger = setTimeout(() => socket.destroy(), LINGER_MS);
    linger.unref();
    socket.once("close", () => clearTimeout(linger));
    if (socket.destroyed) clearTimeout(linger);
    else socket.end().resume();
    resolveClosed(error);
  }
}
