import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from "node:http2";
import { connect as connectHttp2, constants } from "node:http2";
import { connect } from "node:net";
import { hostPort } from "@fairlead/lib/ip-family";
import { TIMER_MAX_MS } from "@fairlead/lib/long-timer";
import { codeOfReset, GrpcError, statusOf } from "./grpc-error.ts";
import { MESSAGE_BYTES_MAX, messageFrame, messagesOf } from "./message-frames.ts";

/** One call of a method. */
export interface GrpcCall {
  /** `/runtime.v1.RuntimeService/Version` */
  readonly path: string;
  /** The request, encoded. */
  readonly message: Buffer;
  /** After this time the call fails with `DeadlineExceeded`, in milliseconds. Default: never. */
  readonly timeoutMs?: number | undefined;
  /** Cancels the call, here with `Canceled` and at the server. */
  readonly signal?: AbortSignal | undefined;
}

/** Calls methods of one server over one HTTP/2 connection, without encryption. */
export interface GrpcClient {
  /**
   * Returns the response, encoded.
   *
   * @throws {GrpcError} with the server's status; `Unavailable` when it cannot be reached or the connection is lost.
   */
  unary(call: GrpcCall): Promise<Buffer>;
  /** Yields each message of the response. Throws as `unary`. To leave the loop gives the call up. */
  serverStream(call: GrpcCall): AsyncGenerator<Buffer>;
  /** Ends the connection. Calls on it fail with `Unavailable`. */
  close(): void;
}

export interface GrpcClientOptions {
  /** Default `fairlead`. */
  readonly userAgent?: string;
  /** Most bytes of a message that is received. Default {@link MESSAGE_BYTES_MAX}. */
  readonly messageBytesMax?: number;
}

/** Where a server listens: a Unix socket, or a TCP port. */
export type GrpcServerAddress = { readonly socketPath: string } | { readonly host: string; readonly port: number };

interface Connection {
  readonly session: ClientHttp2Session;
  /** Why the connection was lost, or never made. */
  failure?: Error;
}

/** Nothing is dialled before the first call. A lost connection is dialled again at the next call. */
export function createGrpcClient(address: GrpcServerAddress, options: GrpcClientOptions = {}): GrpcClient {
  let current: Connection | undefined;
  const connection = () => {
    if (current === undefined || current.session.closed || current.session.destroyed) current = dial(address);
    return current;
  };
  return {
    async unary(call) {
      let answer: Buffer | undefined;
      for await (const message of exchange(connection(), call, options)) {
        if (answer !== undefined) throw new GrpcError("Internal", "the server sent a second message");
        answer = message;
      }
      if (answer === undefined) throw new GrpcError("Internal", "the server sent no message");
      return answer;
    },
    async *serverStream(call) {
      yield* exchange(connection(), call, options);
    },
    close: () => current?.session.destroy(),
  };
}

function dial(address: GrpcServerAddress): Connection {
  const session = connectHttp2(`http://${authorityOf(address)}`, {
    createConnection: () => connect("socketPath" in address ? { path: address.socketPath } : address),
    settings: { enablePush: false },
    // Messages are bounded one by one; a session that has reached its own bound refuses further calls.
    maxSessionMemory: Number.MAX_SAFE_INTEGER,
  });
  const connection: Connection = { session };
  // The calls on it report the failure.
  session.on("error", (error) => (connection.failure = error));
  return connection;
}

/** The `:authority` of requests; for a Unix socket as grpc-go's. */
function authorityOf(address: GrpcServerAddress): string {
  if ("socketPath" in address) return "localhost";
  const { host, port } = address;
  return hostPort(host, port);
}

const { HTTP2_HEADER_METHOD, HTTP2_HEADER_PATH, HTTP2_HEADER_STATUS, NGHTTP2_CANCEL, NGHTTP2_NO_ERROR } = constants;

/** Sends the call; yields the messages of the response, and throws unless its status is OK. */
async function* exchange(
  connection: Connection,
  call: GrpcCall,
  { userAgent = "fairlead", messageBytesMax = MESSAGE_BYTES_MAX }: GrpcClientOptions,
): AsyncGenerator<Buffer> {
  const { path, message, timeoutMs, signal } = call;
  if (signal?.aborted) throw canceled(signal);
  const stream = open(connection, {
    [HTTP2_HEADER_METHOD]: "POST",
    [HTTP2_HEADER_PATH]: path,
    "content-type": "application/grpc",
    te: "trailers",
    "user-agent": userAgent,
    ...(timeoutMs !== undefined && { "grpc-timeout": grpcTimeout(timeoutMs) }),
  });
  const response = receive(stream);
  const givingUp = giveUp(stream, call);
  try {
    stream.end(messageFrame(message));
    const restBytes = yield* messagesOf(stream, messageBytesMax);
    const status = response.status() ?? cutOff(new Error("the response ended without a status"), stream, connection);
    if (status !== "OK") throw status;
    if (restBytes > 0) throw new GrpcError("Internal", "the response ended inside a message");
  } catch (error) {
    throw givingUp.reason() ?? (error instanceof GrpcError ? error : cutOff(error, stream, connection));
  } finally {
    givingUp.stop();
    // Where the caller has left the loop, or a message was refused.
    stream.close(NGHTTP2_CANCEL);
  }
}

/** A session that is just ending throws. */
function open({ session, failure: lost }: Connection, headers: Record<string, string>): ClientHttp2Stream {
  try {
    return session.request(headers);
  } catch (cause) {
    throw new GrpcError("Unavailable", lost?.message ?? messageOf(cause), { cause });
  }
}

/** Follows the headers and trailers of a response. */
function receive(stream: ClientHttp2Stream) {
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders | undefined;
  // The loop over the stream reports it; the error may come while no message is awaited.
  stream.on("error", () => {});
  stream.on("response", (received) => (headers = received));
  stream.on("trailers", (received) => (trailers = received));
  return {
    /** Returns the response's status; `undefined` for a response that was cut off before it. */
    status: () => statusOf(trailers ?? headers, Number(headers[HTTP2_HEADER_STATUS] ?? 200)),
  };
}

/** Cancels the stream at the call's deadline, or when its signal is aborted. */
function giveUp(stream: ClientHttp2Stream, { timeoutMs, signal }: GrpcCall) {
  let reason: GrpcError | undefined;
  const end = (error: GrpcError) => {
    reason ??= error;
    stream.close(NGHTTP2_CANCEL);
    // A stream that waits for its connection is not closed before that is there.
    stream.destroy(error);
  };
  const cancel = () => end(canceled(signal));
  const timer =
    timeoutMs === undefined || timeoutMs > TIMER_MAX_MS
      ? undefined
      : setTimeout(() => end(new GrpcError("DeadlineExceeded", "context deadline exceeded")), timeoutMs);
  signal?.addEventListener("abort", cancel, { once: true });
  return {
    reason: () => reason,
    stop() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
    },
  };
}

function canceled(signal: AbortSignal | undefined): GrpcError {
  return new GrpcError("Canceled", "context canceled", { cause: signal?.reason });
}

/** Returns the error of a response without a status: Node ends a stream that is cut off as if it were whole, or with an error. */
function cutOff(error: unknown, { rstCode }: ClientHttp2Stream, { session, failure: lost }: Connection): GrpcError {
  const cause = lost ?? error;
  if (session.destroyed) return new GrpcError("Unavailable", (lost ?? CONNECTION_ENDED).message, { cause });
  if (rstCode === undefined || rstCode === NGHTTP2_NO_ERROR)
    return new GrpcError("Unknown", messageOf(error), { cause });
  return new GrpcError(codeOfReset(rstCode), `the server reset the stream with code ${rstCode}`, { cause });
}

const CONNECTION_ENDED = new Error("the connection ended");

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Writes a time in at most eight digits, as gRPC's protocol wants it. */
export function grpcTimeout(milliseconds: number): string {
  const units = [
    { ms: 1, unit: "m" },
    { ms: 1_000, unit: "S" },
    { ms: 60_000, unit: "M" },
    { ms: 3_600_000, unit: "H" },
  ];
  for (const { ms, unit } of units) {
    const amount = Math.ceil(milliseconds / ms);
    if (amount < 1e8) return `${Math.max(amount, 0)}${unit}`;
  }
  return "99999999H";
}
