import { createGrpcClient } from "../../grpc/grpc-client.ts";
import { type GrpcCode, GrpcError } from "../../grpc/grpc-error.ts";
import type { RuntimeErrorCode } from "../runtime-error.ts";
import { RuntimeError } from "../runtime-error.ts";
import { EVENT_FILTERS, SUBSCRIBE_PATH, subscribeRequest } from "./containerd-events.ts";
import type { CountOperation } from "./operation-metrics.ts";
import type { CriMethod } from "./protocol.ts";
import { criMethod } from "./protocol.ts";
import { WireError } from "./wire.ts";

/** Calls a CRI runtime over its Unix socket. */
export interface CriConnection {
  /**
   * One call. Throws {@link RuntimeError} with the runtime's own text.
   *
   * @param timeoutMs - Default two minutes, as upstream's. 0 waits without end.
   * @param signal - Cancels the call, at the runtime too.
   */
  call<Answer>(method: CriMethod, request: object, timeoutMs?: number, signal?: AbortSignal): Promise<Answer>;
  /** Container events until the stream ends; throws {@link RuntimeError} when the runtime has none. */
  events<Event>(signal: AbortSignal): AsyncIterable<Event>;
  /**
   * Yields once for each event of containerd itself that may change what it lists, until the stream ends.
   *
   * @throws {RuntimeError} `Unimplemented` for another runtime.
   */
  containerdEvents(signal: AbortSignal): AsyncIterable<unknown>;
  close(): void;
}

const TIMEOUT_DEFAULT_MS = 120_000;

const codes: Partial<Record<GrpcCode, RuntimeErrorCode>> = {
  NotFound: "NotFound",
  Unavailable: "Unavailable",
  DeadlineExceeded: "DeadlineExceeded",
  Unimplemented: "Unimplemented",
};

/**
 * @param socketPath - Absolute path of the runtime's socket. Nothing is dialled before the first call.
 * @param count - Counts each call. Default: nothing is counted.
 */
export function connectCri(socketPath: string, count: CountOperation = (_, call) => call()): CriConnection {
  // A list of containers may be large, and the server is the machine's own.
  const client = createGrpcClient({ socketPath }, { messageBytesMax: Number.POSITIVE_INFINITY });
  return {
    async call<Answer>(name: CriMethod, request: object, timeoutMs = TIMEOUT_DEFAULT_MS, signal?: AbortSignal) {
      const { path, encodeRequest, decodeResponse } = criMethod(name);
      const call = {
        path,
        message: encodeRequest(request),
        timeoutMs: timeoutMs === 0 ? undefined : timeoutMs,
        signal,
      };
      return count(name, async () => {
        try {
          return decodeResponse(await client.unary(call)) as Answer;
        } catch (error) {
          throw runtimeError(error);
        }
      });
    },

    async *events<Event>(signal: AbortSignal) {
      const { path, encodeRequest, decodeResponse } = criMethod("GetContainerEvents");
      const call = { path, message: encodeRequest({}), signal };
      for await (const event of untilAborted(client.serverStream(call), signal, decodeResponse)) yield event as Event;
    },

    containerdEvents(signal) {
      const call = { path: SUBSCRIBE_PATH, message: subscribeRequest(EVENT_FILTERS), signal };
      return untilAborted(client.serverStream(call), signal, () => ({}));
    },

    close: () => client.close(),
  };
}

/** Yields the messages of a stream, decoded, until it ends. */
async function* untilAborted(
  messages: AsyncIterable<Buffer>,
  signal: AbortSignal,
  decode: (message: Buffer) => object,
): AsyncIterable<object> {
  try {
    for await (const message of messages) yield decode(message);
  } catch (error) {
    if (!signal.aborted) throw runtimeError(error);
  }
}

function runtimeError(cause: unknown): unknown {
  if (cause instanceof WireError)
    return new RuntimeError("Failed", `Cannot read the runtime's response: ${cause.message}`, { cause });
  if (!(cause instanceof GrpcError)) return cause;
  return new RuntimeError(codes[cause.code] ?? "Failed", cause.message, { cause });
}
