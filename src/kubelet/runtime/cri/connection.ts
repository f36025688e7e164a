import { createGrpcClient } from "../../grpc/grpc-client.ts";
import { type GrpcCode, GrpcError } from "../../grpc/grpc-error.ts";
import type { RuntimeErrorCode } from "../runtime-error.ts";
import { RuntimeError } from "../runtime-error.ts";
import { EVENT_FILTERS, SUBSCRIBE_PATH, subscribeRequest } from "./containerd-events.ts";
import type { CriMethod } from "./protocol.ts";
import { criMethod } from "./protocol.ts";

/** Calls a CRI runtime over its Unix socket. */
export interface CriConnection {
  /**
   * One call. Throws {@link RuntimeError} with the runtime's own text.
   *
   * @param timeoutMs - Default two minutes, as upstream's. 0 waits without end.
   * @param signal - Gives the call up; the runtime is told.
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

/** @param socketPath - Absolute path of the runtime's socket. Nothing is dialled before the first call. */
export function connectCri(socketPath: string): CriConnection {
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
      const response = await client.unary(call).catch((error: unknown) => {
        throw runtimeError(error);
      });
      return decodeResponse(response) as Answer;
    },

    async *events<Event>(signal: AbortSignal) {
      const { path, encodeRequest, decodeResponse } = criMethod("GetContainerEvents");
      const call = { path, message: encodeRequest({}), signal };
      for await (const message of untilAborted(client.serverStream(call), signal))
        yield decodeResponse(message) as Event;
    },

    containerdEvents(signal) {
      const call = { path: SUBSCRIBE_PATH, message: subscribeRequest(EVENT_FILTERS), signal };
      return untilAborted(client.serverStream(call), signal);
    },

    close: () => client.close(),
  };
}

/** The messages of a stream until it ends. */
async function* untilAborted(messages: AsyncIterable<Buffer>, signal: AbortSignal): AsyncIterable<Buffer> {
  try {
    yield* messages;
  } catch (error) {
    if (!signal.aborted) throw runtimeError(error);
  }
}

function runtimeError(error: unknown): unknown {
  if (!(error instanceof GrpcError)) return error;
  return new RuntimeError(codes[error.code] ?? "Failed", error.message, { cause: error });
}
