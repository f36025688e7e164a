import { Worker } from "node:worker_threads";
import type { Clock } from "@fairlead/lib/clock";
import type { StoreEvent } from "../store.ts";
import type { Hold } from "./hold-writes.ts";
import { createHold } from "./hold-writes.ts";
import type { WriteRequest, WriteResult } from "./writer.ts";
import type { FromWriter, ToWriter, WriterData } from "./writer-messages.ts";

/** The thread that writes, seen from outside. Every promise is kept only once what it is about is durable. */
export interface WriterThread {
  /** The newest revision when the file was opened, and the changes that were in the tail of the log then. */
  readonly opened: { readonly revision: number; readonly tail: readonly StoreEvent[] };
  /** @param maxDelayMs - How long the write may wait for others to be committed with. Default: 0. */
  write(request: WriteRequest, maxDelayMs?: number): Promise<WriteResult>;
  /** Deletes some of the keys that are due. Returns how many. */
  expire(nowMs: number): Promise<number>;
  compact(revision: number): Promise<void>;
  /** Finishes what was asked for before and lets go of the file. */
  close(): Promise<void>;
}

export interface WriterThreadOptions extends WriterData {
  /** The thread's program: `writer-worker.ts`, or what it was bundled into. */
  readonly program: URL;
  readonly clock: Clock;
  /** Called with the results of one commit that changed something, in order of revision and before their promises are kept. */
  readonly onWritten: (results: readonly WriteResult[]) => void;
  /** Called when the disk is found to be full, and when there is room again. */
  readonly onFull: (isFull: boolean) => void;
}

interface Waiting {
  resolve(result: WriteResult | undefined): void;
  reject(error: Error): void;
  /** The request's values, which the thread does not send back. */
  readonly values?: ReadonlyMap<string, Uint8Array>;
}

interface Asking extends Pick<Waiting, "values"> {
  readonly maxDelayMs?: number;
}

/** In MiB. What is written lies in buffers outside of the thread's heap, which V8 would let grow far beyond its use. */
const HEAP_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };

/** A request without its `id`, for each type of request. */
type Message = ToWriter extends infer M ? (M extends ToWriter ? Omit<M, "id"> : never) : never;

/** @throws {Error} when the file cannot be opened, or is not a store. */
export async function startWriterThread(options: WriterThreadOptions): Promise<WriterThread> {
  const { file, maxBytes, reserveBytes, program } = options;
  const data: WriterData = { file, maxBytes, reserveBytes };
  const worker = new Worker(program, { workerData: data, name: "store-writer", resourceLimits: HEAP_LIMITS });
  const opened = Promise.withResolvers<WriterThread["opened"]>();
  const ended = Promise.withResolvers<void>();
  const passOn = (messages: readonly ToWriter[]) => worker.postMessage(messages);
  const hold = createHold<ToWriter>({ clock: options.clock, soon: setImmediate, passOn });
  const questions = createQuestions(hold, options.onWritten);

  function fail(error: Error): void {
    opened.reject(error);
    questions.fail(error);
  }

  worker.on("message", (message: FromWriter) => {
    if (message.type === "opened") opened.resolve(message);
    else if (message.type === "full") options.onFull(message.isFull);
    else if (message.type === "failed" && message.id === 0) fail(new Error(message.message));
    else questions.answer(message);
  });
  worker.on("error", (error) => fail(new Error("The store's writer failed", { cause: error })));
  worker.on("exit", () => {
    fail(new Error("The store is closed"));
    ended.resolve();
  });

  return {
    opened: await opened.promise,
    async write(request, maxDelayMs = 0) {
      const values = new Map(request.success.flatMap(({ key, value }) => (value === undefined ? [] : [[key, value]])));
      const message = { type: "write", request: compactValues(request) } as const;
      const result = await questions.ask(message, { values, maxDelayMs });
      if (result === undefined) throw new Error("The store's writer gave no result");
      return result;
    },
    async expire(nowMs) {
      const result = await questions.ask({ type: "expire", nowMs });
      return result?.events.length ?? 0;
    },
    async compact(revision) {
      await questions.ask({ type: "compact", revision });
    },
    async close() {
      // Fails when the thread has ended already.
      await questions.ask({ type: "close" }).catch(() => {});
      await ended.promise;
    },
  };
}

/** What the thread was asked and has not answered yet. */
function createQuestions(hold: Hold<ToWriter>, onWritten: WriterThreadOptions["onWritten"]) {
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let broken: Error | undefined;

  function take(id: number): Waiting | undefined {
    const entry = waiting.get(id);
    waiting.delete(id);
    return entry;
  }

  /** Readers are notified once for all writes of a commit. */
  function written(answers: Extract<FromWriter, { readonly type: "written" }>["written"]): void {
    const whole = answers.map(({ id, result }) => {
      const entry = take(id);
      return { entry, result: entry?.values === undefined ? result : withValues(result, entry.values) };
    });
    const changed = whole.map(({ result }) => result).filter(({ events }) => events.length > 0);
    if (changed.length > 0) onWritten(changed);
    for (const { entry, result } of whole) entry?.resolve(result);
  }

  return {
    ask(message: Message, { values, maxDelayMs = 0 }: Asking = {}): Promise<WriteResult | undefined> {
      return new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        const id = nextId++;
        waiting.set(id, { resolve, reject, ...(values !== undefined && { values }) });
        hold.pass({ ...message, id }, maxDelayMs);
      });
    },

    answer(message: Exclude<FromWriter, { readonly type: "opened" | "full" }>): void {
      switch (message.type) {
        case "written":
          written(message.written);
          break;
        case "done":
          take(message.id)?.resolve(undefined);
          break;
        case "failed":
          take(message.id)?.reject(writeError(new Error(message.message)));
      }
    },

    /** The thread is gone: the first reason is the one that counts. */
    fail(error: Error): void {
      broken ??= error;
      for (const { reject } of waiting.values()) reject(broken);
      waiting.clear();
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
