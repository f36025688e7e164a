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
  /** Sends GOAWAY: no new streams are accepted. Ends those that are open, and closes the socket. */
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

/** Most streams that a peer may have open: a session has five, a port-forward two per connection. */
const PEER_STREAMS_MAX = 1_000;

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
 * is neither sent nor waited for (waiting would stop every stream after 64 KiB). A stream without a reader stops the whole connection.
 */
export function createSpdyConnection(options: SpdyConnectionOptions): SpdyConnection {
  const session = new SpdySession(options);
  const { socket, head } = options;
  prepareSessionSocket(socket);
  socket.on("data", (bytes: Uint8Array) => session.receive(bytes));
  socket.on("end", () => session.finish(undefined));
  socket.on("close", () => session.finish(undefined));
  socket.on("error", (error) => session.finish(error));
  // Later, so that the caller holds the connection when its first stream comes.
  if (head !== undefined && head.length > 0) setImmediate(() => session.receive(head));
  return session;
}

class SpdySession implements SpdyConnection {
  readonly closed: Promise<Error | undefined>;
  readonly #resolveClosed: (error: Error | undefined) => void;
  readonly #role: "client" | "server";
  readonly #socket: Duplex;
  readonly #onStream: SpdyConnectionOptions["onStream"];
  readonly #compress = createHeaderCompressor();
  readonly #decoder = createFrameDecoder(createHeaderDecompressor());
  readonly #streams = new Map<number, OpenStream>();
  /** Streams whose reader is behind. */
  readonly #blocked = new Set<number>();
  readonly #pings = new Map<number, () => void>();
  #nextStreamId: number;
  #nextPingId: number;
  #lastPeerStreamId = 0;
  #closing = false;

  constructor({ role, socket, onStream }: SpdyConnectionOptions) {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#resolveClosed = resolve;
    this.#role = role;
    this.#socket = socket;
    this.#onStream = onStream;
    this.#nextStreamId = role === "client" ? 1 : 2;
    this.#nextPingId = this.#nextStreamId;
  }

  async createStream(headers: SpdyHeaders): Promise<SpdyStream> {
    if (this.#closing) throw new Error("Cannot open a SPDY stream: the connection is closing");
    const streamId = this.#nextStreamId;
    this.#nextStreamId += 2;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const open = this.#add(streamId, headers);
    open.waiting = { accepted: resolve, refused: reject };
    this.#send({ type: "synStream", streamId, fin: false, unidirectional: false, headers });
    await promise;
    return open.stream;
  }

  ping(): Promise<void> {
    const id = this.#nextPingId;
    this.#nextPingId += 2;
    return new Promise((resolve, reject) => {
      this.#pings.set(id, resolve);
      const closed = new Error("SPDY connection closed before the ping was answered");
      void this.closed.then((error) => reject(error ?? closed));
      this.#send({ type: "ping", id });
    });
  }

  close(): void {
    this.#goAway(goawayStatus.ok);
    this.finish(undefined);
  }

  receive(bytes: Uint8Array): void {
    if (this.#closing) return;
    try {
      for (const frame of this.#decoder.push(bytes)) this.#handle(frame);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#goAway(goawayStatus.protocolError);
      this.finish(error);
    }
  }

  /** Ends everything, once. */
  finish(error: Error | undefined): void {
    if (this.#closing) return;
    this.#closing = true;
    for (const open of [...this.#streams.values()]) {
      open.waiting?.refused(error ?? new Error("SPDY connection closed before the stream was accepted"));
      open.endBoth();
    }
    const socket = this.#socket;
    // What was written last, such as the reason, should still arrive; a peer that does not close is not waited for.
    const linger = setTimeout(() => socket.destroy(), LINGER_MS);
    linger.unref();
    socket.once("close", () => clearTimeout(linger));
    if (socket.destroyed) clearTimeout(linger);
    else socket.end().resume();
    this.#resolveClosed(error);
  }

  #handle(frame: Frame): void {
    switch (frame.type) {
      case "synStream":
        this.#acceptStream(frame.streamId, frame.headers, frame.fin);
        return;
      case "data":
        this.#receiveData(frame.streamId, frame.data, frame.fin);
        return;
      case "synReply":
        this.#receiveReply(frame.streamId, frame.fin);
        return;
      case "headers":
        if (frame.fin) this.#streams.get(frame.streamId)?.endRead();
        return;
      case "rstStream":
        this.#receiveReset(frame.streamId, frame.status);
        return;
      case "ping":
        this.#receivePing(frame.id);
        return;
      case "goaway":
        // The peer takes no new streams; those that are open may come to their end, and the peer closes then.
        return;
      case "settings":
      case "windowUpdate":
        return;
    }
  }

  #acceptStream(streamId: number, headers: SpdyHeaders, fin: boolean): void {
    const fromPeer = streamId % 2 === (this.#role === "client" ? 0 : 1);
    if (!fromPeer || streamId <= this.#lastPeerStreamId) {
      throw new ProtocolError(`SYN_STREAM with stream id ${streamId}`);
    }
    this.#lastPeerStreamId = streamId;
    let accepted: OpenStream | undefined;
    const accept = () => {
      if (accepted !== undefined) return accepted.stream;
      accepted = this.#add(streamId, headers);
      this.#send({ type: "synReply", streamId, fin: false, headers: new Map() });
      return accepted.stream;
    };
    if (this.#streams.size < PEER_STREAMS_MAX) this.#onStream?.(headers, accept);
    if (accepted === undefined) this.#send({ type: "rstStream", streamId, status: resetStatus.refusedStream });
    else if (fin) accepted.endRead();
  }

  #receiveReply(streamId: number, fin: boolean): void {
    const open = this.#streams.get(streamId);
    open?.waiting?.accepted();
    if (open !== undefined) open.waiting = undefined;
    if (fin) open?.endRead();
  }

  #receiveData(streamId: number, data: Uint8Array, fin: boolean): void {
    const open = this.#streams.get(streamId);
    // The stream was reset here while the data was on its way.
    if (open === undefined) return;
    if (data.length > 0 && !open.receive(data)) {
      this.#blocked.add(streamId);
      this.#socket.pause();
    }
    if (fin) open.endRead();
  }

  #receiveReset(streamId: number, status: number): void {
    const open = this.#streams.get(streamId);
    open?.waiting?.refused(new Error(`The peer refused the SPDY stream with status ${status}`));
    // What has arrived may still be read: runtimes reset their streams when a command has ended.
    open?.endBoth();
  }

  #receivePing(id: number): void {
    const ours = id % 2 === (this.#role === "client" ? 1 : 0);
    if (!ours) this.#send({ type: "ping", id });
    this.#pings.get(id)?.();
    this.#pings.delete(id);
  }

  #add(streamId: number, headers: SpdyHeaders): OpenStream {
    const open: OpenStream = createSpdyStream(headers, {
      write: (data, done) => this.#write({ type: "data", streamId, fin: false, data }, done),
      end: (done) => this.#write({ type: "data", streamId, fin: true, data: new Uint8Array(0) }, done),
      reset: () => this.#send({ type: "rstStream", streamId, status: resetStatus.cancel }),
      wantMore: () => this.#unblock(streamId),
      gone: () => {
        this.#streams.delete(streamId);
        this.#unblock(streamId);
      },
    });
    this.#streams.set(streamId, open);
    return open;
  }

  #unblock(streamId: number): void {
    if (this.#blocked.delete(streamId) && this.#blocked.size === 0) this.#socket.resume();
  }

  #goAway(status: number): void {
    this.#send({ type: "goaway", lastGoodStreamId: this.#lastPeerStreamId, status });
  }

  #send(frame: Frame): void {
    if (!this.#closing && this.#socket.writable) this.#socket.write(encodeFrame(frame, this.#compress));
  }

  #write(frame: Frame, done: (error?: Error | null) => void): void {
    if (this.#closing || !this.#socket.writable) done(new Error("SPDY connection is closed"));
    else this.#socket.write(encodeFrame(frame, this.#compress), done);
  }
}
