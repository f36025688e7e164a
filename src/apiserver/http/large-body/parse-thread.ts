import { Worker } from "node:worker_threads";
import { parseJson } from "@fairlead/api/codec/parse-json";
import type { Struct } from "@fairlead/api/schema";
import { StatusError } from "@fairlead/api/status-error";
import type { Clock } from "@fairlead/lib/clock";
import type { Running } from "@fairlead/lib/running";
import { shuttingDown, tooManyRequests } from "../../registry/refusals.ts";
import type { DecodedBody } from "../body.ts";
import type { QueueLimits } from "./fair-queue.ts";
import { createFairQueue } from "./fair-queue.ts";
import type { BodyFormat, ParseResult, ParseTask } from "./parse-messages.ts";

/** A body to parse. */
export interface LargeBody {
  readonly format: BodyFormat;
  readonly bytes: Uint8Array;
  /** The value is parsed without what the schema does not know. */
  readonly schema: Struct | undefined;
  /** Who sent it: users take turns. */
  readonly user: string;
  /** Aborted when the request has ended: by its client, or at its deadline. */
  readonly signal?: AbortSignal | undefined;
}

/** Parses large bodies on a thread of their own, one after the other. */
export interface ParseThread extends Running {
  /**
   * Parses one body. It waits for earlier ones, and frees its place and the thread when its signal is aborted.
   *
   * @throws {SyntaxError} for a body that is not of the format.
   * @throws {StatusError} `Timeout` for one that takes longer than {@link PARSE_TIMEOUT_MS}, `TooManyRequests` when too
   *   many wait, `ServiceUnavailable` after `stop`.
   */
  parse(body: LargeBody): Promise<DecodedBody>;
}

export interface ParseThreadOptions {
  /** The thread's program: `parse-worker.ts`, or what it was bundled into. */
  readonly program: URL;
  readonly clock: Clock;
}

/** Longest time that one body may take, in milliseconds. The thread is replaced after it. */
export const PARSE_TIMEOUT_MS = 20_000;
/** How much may wait for the thread. A user gets room for five bodies of the largest size, memory is for more users. */
const WAITING: QueueLimits = { bytesMax: 64 * 1024 * 1024, userBytesMax: 16 * 1024 * 1024 };

interface Waiting {
  readonly body: LargeBody;
  readonly parsed: PromiseWithResolvers<DecodedBody>;
}

/** The thread begins with the first body. */
export function createParseThread({ program, clock }: ParseThreadOptions): ParseThread {
  const queue = createFairQueue<Waiting>(WAITING);
  let started: StartedThread | undefined;
  let isBusy = false;
  let isStopped = false;

  const parseNow = async ({ body, parsed }: Waiting): Promise<DecodedBody> => {
    if (isStopped) throw shuttingDown();
    started ??= startThread(program);
    const thread = started;
    const over = new AbortController();
    const timeout = clock.sleep(PARSE_TIMEOUT_MS, over.signal).then(() => undefined);
    const abandoned = parsed.promise.then(() => undefined);
    try {
      const result = await Promise.race([thread.ask(body), timeout, abandoned]);
      if (result === undefined) {
        throw new StatusError("Timeout", `the body took longer than ${PARSE_TIMEOUT_MS / 1000} s to parse`);
      }
      return decoded(result);
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      // What the thread was doing goes on, or has ended it.
      started = undefined;
      await thread.stop();
      throw isStopped ? shuttingDown() : error;
    } finally {
      timeout.catch(() => {});
      over.abort();
    }
  };

  const work = async () => {
    if (isBusy) return;
    isBusy = true;
    for (let next = queue.take(); next !== undefined; next = queue.take()) {
      await parseNow(next).then(next.parsed.resolve, next.parsed.reject);
    }
    isBusy = false;
  };

  const stop = async () => {
    isStopped = true;
    await started?.stop();
  };
  return {
    async parse(body) {
      const { signal } = body;
      signal?.throwIfAborted();
      const parsed = Promise.withResolvers<DecodedBody>();
      const remove = queue.add({ body, parsed }, body.user, body.bytes.byteLength);
      if (remove === undefined) throw tooManyRequests();
      const drop = () => {
        remove();
        parsed.reject(signal?.reason);
      };
      signal?.addEventListener("abort", drop);
      void work();
      return await parsed.promise.finally(() => signal?.removeEventListener("abort", drop));
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** @throws {SyntaxError} for a body that could not be parsed. */
function decoded(result: ParseResult): DecodedBody {
  if ("error" in result) throw new SyntaxError(result.error);
  const { json, duplicates } = result;
  const value = result.hasPlainNumbers ? JSON.parse(json) : parseJson(json, { keepsNotation: true }).value;
  return { value, duplicates };
}

interface StartedThread {
  ask(body: LargeBody): Promise<ParseResult>;
  stop(): Promise<void>;
}

function startThread(program: URL): StartedThread {
  const worker = new Worker(program, { name: "body-parser" });
  // A server that has stopped does not wait for the thread.
  worker.unref();
  const ids = new Map<Struct, number>();
  let waiting: PromiseWithResolvers<ParseResult> | undefined;
  const fail = (error: Error) => waiting?.reject(error);
  worker.on("message", (result: ParseResult) => waiting?.resolve(result));
  worker.on("error", (cause) => fail(new Error("The thread that parses bodies failed", { cause })));
  worker.on("exit", () => fail(new Error("The thread that parses bodies ended")));

  const identify = (schema: Struct | undefined): Pick<ParseTask, "schemaId" | "schema"> => {
    if (schema === undefined) return { schemaId: 0 };
    const known = ids.get(schema);
    if (known !== undefined) return { schemaId: known };
    ids.set(schema, ids.size + 1);
    return { schemaId: ids.size, schema };
  };
  return {
    async ask({ format, bytes, schema }) {
      waiting = Promise.withResolvers();
      const task: ParseTask = { format, bytes, ...identify(schema) };
      worker.postMessage(task);
      return await waiting.promise;
    },
    async stop() {
      await worker.terminate();
    },
  };
}
