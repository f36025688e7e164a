import type { ServiceError } from "@grpc/grpc-js";
import { Client, type ClientReadableStream, credentials, status } from "@grpc/grpc-js";
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

const codes: Partial<Record<status, RuntimeErrorCode>> = {
  [status.NOT_FOUND]: "NotFound",
  [status.UNAVAILABLE]: "Unavailable",
  [status.DEADLINE_EXCEEDED]: "DeadlineExceeded",
  [status.UNIMPLEMENTED]: "Unimplemented",
};

/** @param socketPath - Absolute path of the runtime's socket. Nothing is dialled before the first call. */
export function connectCri(socketPath: string): CriConnection {
  const client = new Client(`unix:${socketPath}`, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
    // A runtime that restarts is back in milliseconds: do not sit out gRPC's back-off of up to two minutes.
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1_000,
  });
  return {
    call<Answer>(name: CriMethod, request: object, timeoutMs = TIMEOUT_DEFAULT_MS, signal?: AbortSignal) {
      const { path, requestSerialize, responseDeserialize } = criMethod(name);
      const deadline = timeoutMs === 0 ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
      return new Promise<Answer>((resolve, reject) => {
        const options = { deadline };
        const call = client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          request,
          options,
          (error, answer) => {
            signal?.removeEventListener("abort", cancel);
            if (error !== null) reject(runtimeError(error));
            else resolve(answer as Answer);
          },
        );
        const cancel = () => call.cancel();
        if (signal?.aborted) cancel();
        signal?.addEventListener("abort", cancel, { once: true });
      });
    },

    events<Event>(signal: AbortSignal) {
      const { path, requestSerialize, responseDeserialize } = criMethod("GetContainerEvents");
      const start = () => client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, {});
      return messages<Event>(start, signal);
    },

    containerdEvents(signal) {
      const start = () => client.makeServerStreamRequest(SUBSCRIBE_PATH, subscribeRequest, () => ({}), EVENT_FILTERS);
      return messages(start, signal);
    },

    close: () => client.close(),
  };
}

/** The messages of a stream until it ends. */
async function* messages<Message>(
  start: () => ClientReadableStream<object>,
  signal: AbortSignal,
): AsyncIterable<Message> {
  const stream = start();
  const cancel = () => stream.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for await (const message of stream) yield message as Message;
  } catch (error) {
    if (!signal.aborted) throw runtimeError(error as ServiceError);
  } finally {
    signal.removeEventListener("abort", cancel);
    stream.cancel();
  }
}

function runtimeError(error: ServiceError): RuntimeError {
  const code = codes[error.code] ?? "Failed";
  return new RuntimeError(code, error.details === "" ? error.message : error.details, { cause: error });
}
