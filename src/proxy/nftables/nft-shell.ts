import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";

/** nft did not do what it was told. The transaction left no trace. */
export class NftError extends Error {
  override readonly name = "NftError";
}

/** A long-lived `nft -i`: a change costs it one millisecond, where a process of its own costs four to sixteen. */
export interface NftShell {
  /**
   * Runs the commands as one transaction: all of them happen, or none.
   *
   * @throws {NftError} with what nft says, when the kernel refuses one of them or nft ends.
   */
  run(commands: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Printed on one line and without asking the kernel: when it comes, everything before it is done. */
const SENTINEL = { command: "describe ifname", answer: "datatype ifname" };

/** nft keeps every line for its history: after so much text it is replaced. */
const TEXT_MAX_BYTES = 4 * 1024 * 1024;

interface Shell {
  readonly child: ChildProcessWithoutNullStreams;
  writtenBytes: number;
}

/** Starts nft when it is first needed, and again whenever it has ended. */
export function createNftShell(): NftShell {
  let shell: Shell | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const current = async (nextBytes: number): Promise<Shell> => {
    if (shell !== undefined && shell.writtenBytes + nextBytes > TEXT_MAX_BYTES) await close();
    shell ??= { child: startNft(() => (shell = undefined)), writtenBytes: 0 };
    return shell;
  };

  const close = async (): Promise<void> => {
    const closing = shell;
    shell = undefined;
    if (closing === undefined || closing.child.exitCode !== null) return;
    const ended = once(closing.child, "close");
    closing.child.stdin.end();
    await ended;
  };

  return {
    run(commands) {
      const text = `${commands.join("; ")}\n${SENTINEL.command}\n`;
      const mine = last.then(async () => {
        const used = await current(text.length);
        used.writtenBytes += text.length;
        const said = await exchange(used.child, text);
        if (said !== "") throw new NftError(`nft refused ${commands.length} commands: ${errorsIn(said)}`);
      });
      last = mine.catch(() => {});
      return mine;
    },
    async close() {
      await last;
      await close();
    },
  };
}

function startNft(onEnd: () => void): ChildProcessWithoutNullStreams {
  // One pipe for what it prints and what it complains about keeps the two in order. Its history has no home to go to.
  const child = spawn("sh", ["-c", "exec nft -i 2>&1"], { env: { ...process.env, HOME: "/dev/null", TERM: "dumb" } });
  child.on("error", onEnd);
  child.on("close", onEnd);
  child.stdin.on("error", () => {});
  return child;
}

/** Writes the text, and gives back what nft says until the sentinel's answer. */
function exchange(child: ChildProcessWithoutNullStreams, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const finish = (settle: () => void) => {
      child.stdout.off("data", onData);
      child.off("close", onClose);
      child.off("error", onError);
      settle();
    };
    const onData = (chunk: Buffer) => {
      said += chunk.toString();
      const end = said.indexOf(SENTINEL.answer);
      if (end >= 0 && said.indexOf("\n", end) >= 0) finish(() => resolve(said.slice(0, end).trim()));
    };
    const onClose = () => finish(() => reject(new NftError(`nft ended: ${said.trim()}`)));
    const onError = (cause: Error) => finish(() => reject(new NftError("nft cannot be started", { cause })));
    child.stdout.on("data", onData);
    child.on("close", onClose);
    child.on("error", onError);
    child.stdin.write(text);
  });
}

/** The lines that say what is wrong. The others repeat the whole transaction, and point into it. */
export function errorsIn(said: string): string {
  const errors = said.split("\n").filter((line) => line.includes("Error:"));
  return errors.length === 0 ? said.slice(0, 400) : [...new Set(errors)].slice(0, 5).join("; ");
}
