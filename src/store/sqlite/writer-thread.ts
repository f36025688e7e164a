import { Worker } from "node:worker_threads";
import type { WriteRequest, WriteResult } from "./writer.ts";
import type { FromWriter, ToWriter, WriterData } from "./writer-messages.ts";

/** The thread that writes, seen from outside. Every promise is kept only once what it is about is durable. */
export interface WriterThread {
  /** The newest revision in the file when it was opened. */
  readonly openedAt: number;
  write(request: WriteRequest): Promise<WriteResult>;
  expire(nowMs: number): Promise<void>;
  compact(revision: number): Promise<void>;
  /** Finishes what was asked for before and lets go of the file. */
  close(): Promise<void>;
}

export interface WriterThreadOptions extends WriterData {
  /** The thread's program: `writer-worker.ts`, or what it was bundled into. */
  readonly program: URL;
  /** Called with each result that changed something, in order of revision and before its promise is kept. */
  readonly onWritten: (result: WriteResult) => void;
}

interface Waiting {
  resolve(result: WriteResult | undefined): void;
  reject(error: Error): void;
  /** The request's values, which the thread does not send back. */
  readonly values?: ReadonlyMap<string, Uint8Array>;
}

/** A request without its `id`, for each type of request. */
type Message = ToWriter extends infer M ? (M extends ToWriter ? Omit<M, "id"> : never) : never;

/** @throws {Error} when the file cannot be opened, or is not a store. */
export async function startWriterThread(options: WriterThreadOptions): Promise<WriterThread> {
  const { file, maxBytes, program, onWritten } = options;
  const data: WriterData = { file, maxBytes };
  const worker = new Worker(program, { workerData: data, name: "store-writer" });
  const waiting = new Map<number, Waiting>();
  const opened = Promise.withResolvers<number>();
  const ended = Promise.withResolvers<void>();
  let nextId = 1;
  let broken: Error | undefined;

  function fail(error: Error): void {
    broken = error;
    opened.reject(error);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function settle(id: number, settleOne: (entry: Waiting) => void): void {
    const entry = waiting.get(id);
    waiting.delete(id);
    if (entry !== undefined) settleOne(entry);
  }

  worker.on("message", (message: FromWriter) => {
    switch (message.type) {
      case "opened":
        return opened.resolve(message.revision);
      case "done":
        return settle(message.id, ({ resolve }) => resolve(undefined));
      case "failed": {
        const error = new Error(message.message);
        return message.id === 0 ? fail(error) : settle(message.id, ({ reject }) => reject(writeError(error)));
      }
      case "written":
        for (const { id, result } of message.written) {
          settle(id, ({ resolve, values }) => {
            const whole = values === undefined ? result : withValues(result, values);
            if (whole.events.length > 0) onWritten(whole);
            resolve(whole);
          });
        }
    }
  });
  worker.on("error", (error) => fail(new Error("The store's writer failed", { cause: error })));
  worker.on("exit", () => {
    fail(broken ?? new Error("The store is closed"));
    ended.resolve();
  });

  function ask(message: Message, values?: Waiting["values"]): Promise<WriteResult | undefined> {
    return new Promise((resolve, reject) => {
      if (broken !== undefined) return reject(broken);
      const id = nextId++;
      waiting.set(id, { resolve, reject, ...(values !== undefined && { values }) });
      worker.postMessage({ ...message, id });
    });
  }

  return {
    openedAt: await opened.promise,
    async write(request) {
      const values = new Map(request.success.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])));
      const result = await ask({ type: "write", request: compactValues(request) }, values);
      if (result === undefined) throw new Error("The store's writer gave no result");
      return result;
    },
    async expire(nowMs) {
      await ask({ type: "expire", nowMs });
    },
    async compact(revision) {
      await ask({ type: "compact", revision });
    },
    async close() {
      // Fails when the thread has ended already.
      await ask({ type: "close" }).catch(() => {});
      await ended.promise;
    },
  };
}

/** A message copies the whole buffer behind a view: values get buffers of their own size. */
function compactValues(request: WriteRequest): WriteRequest {
  const isPart = ({ value }: { value?: Uint8Array }) =>
    value !== undefined && value.byteLength < value.buffer.byteLength;
  if (!request.success.some(isPart)) return request;
  const success = request.success.map((row) =>
    row.value === undefined ? row : { ...row, value: new Uint8Array(row.value) },
  );
  return { ...request, success };
}

function withValues(result: WriteResult, values: ReadonlyMap<string, Uint8Array>): WriteResult {
  const events = result.events.map((event) => {
    if (event.type === "delete") return event;
    const { item } = event;
    return { ...event, item: { ...item, value: values.get(item.key) ?? item.value } };
  });
  return { ...result, events };
}

function writeError(cause: Error): Error {
  return new Error(`Cannot write to the store: ${cause.message}`, { cause });
}
