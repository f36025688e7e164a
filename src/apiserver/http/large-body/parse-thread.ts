import { Worker } from "node:worker_threads";
import { parseJson } from "../../../api/codec/parse-json.ts";
import type { Struct } from "../../../api/schema.ts";
import { StatusError } from "../../../api/status-error.ts";
import type { Clock } from "../../../lib/clock.ts";
import type { Running } from "../../../lib/running.ts";
import type { DecodedBody } from "../body.ts";
import type { BodyFormat, ParseResult, ParseTask } from "./parse-messages.ts";

/** Parses large bodies on a thread of their own, one after the other. */
export interface ParseThread extends Running {
  /**
   * Parses one body, without what `schema` does not know.
   *
   * @throws {SyntaxError} for a body that is not of the format.
   * @throws {StatusError} `Timeout` for one that takes longer than {@link PARSE_TIMEOUT_MS}.
   */
  parse(format: BodyFormat, bytes: Uint8Array, schema: Struct | undefined): Promise<DecodedBody>;
}

export interface ParseThreadOptions {
  /** The thread's program: `parse-worker.ts`, or what it was bundled into. */
  readonly program: URL;
  readonly clock: Clock;
}

/** Longest time that one body may take, in milliseconds. The thread is replaced after it. */
export const PARSE_TIMEOUT_MS = 20_000;

/** The thread begins with the first body. */
export function createParseThread({ program, clock }: ParseThreadOptions): ParseThread {
  let started: StartedThread | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const parseNow = async (format: BodyFormat, bytes: Uint8Array, schema: Struct | undefined): Promise<DecodedBody> => {
    started ??= startThread(program);
    const thread = started;
    const over = new AbortController();
    const timeout = clock.sleep(PARSE_TIMEOUT_MS, over.signal).then(() => undefined);
    try {
      const result = await Promise.race([thread.ask(format, bytes, schema), timeout]);
      if (result === undefined) {
        throw new StatusError("Timeout", `the body took longer than ${PARSE_TIMEOUT_MS / 1000} s to parse`);
      }
      if ("error" in result) throw new SyntaxError(result.error);
      const { json, duplicates } = result;
      const value = result.hasPlainNumbers ? JSON.parse(json) : parseJson(json, { keepsNotation: true }).value;
      return { value, duplicates };
    } catch (error) {
      if (!(error instanceof SyntaxError)) {
        // What the thread was doing goes on, or has ended it.
        started = undefined;
        await thread.stop();
      }
      throw error;
    } finally {
      timeout.catch(() => {});
      over.abort();
    }
  };

  const stop = async () => {
    await started?.stop();
    started = undefined;
  };
  return {
    parse(format, bytes, schema) {
      const parsing = last.then(() => parseNow(format, bytes, schema));
      last = parsing.catch(() => {});
      return parsing;
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

interface StartedThread {
  ask(format: BodyFormat, bytes: Uint8Array, schema: Struct | undefined): Promise<ParseResult>;
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
    async ask(format, bytes, schema) {
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
