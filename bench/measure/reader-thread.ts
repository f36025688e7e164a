import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** A thread with clients that read much, so that they do not hold up the others. Disposing of it ends it. */
export interface ReaderThread<Report> extends AsyncDisposable {
  /** Resolves when its clients have begun. */
  readonly begun: Promise<unknown>;
  /** Sends it a message. Resolves with the answer. */
  report(message: unknown): Promise<Report>;
}

/**
 * Starts a program that sends a message when it has begun, and answers one message with a report.
 *
 * @param program - Its file.
 * @param order - What the program finds in `workerData`.
 */
export function startReaderThread<Report>(program: URL, order: object): ReaderThread<Report> {
  const thread = new Worker(program, { workerData: order });
  const failed = new Promise<never>((_resolve, reject) => thread.once("error", reject));
  const begun = Promise.race([once(thread, "message"), failed]);
  // They may reject before a caller waits for them.
  failed.catch(() => {});
  begun.catch(() => {});
  return {
    begun,
    async report(message) {
      const answered = once(thread, "message");
      thread.postMessage(message);
      const [report]: Report[] = await Promise.race([answered, failed]);
      if (report === undefined) throw new Error(`The thread of ${program.pathname} did not answer`);
      return report;
    },
    async [Symbol.asyncDispose]() {
      await thread.terminate();
    },
  };
}
