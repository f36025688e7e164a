import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { CommandError, runCommand } from "./run-command.ts";

/** nft did not do what it was told. The transaction left no trace. */
export class NftError extends Error {
  override readonly name = "NftError";
}

/**
 * The packet filter of this process's network namespace, by way of a long-lived `nft -i`: a change costs it one
 * millisecond, where a process of its own costs four to sixteen.
 */
export interface NftShell extends AsyncDisposable {
  /**
   * Runs the commands as one transaction: all of them happen, or none.
   *
   * @throws {NftError} with what nft says, when the kernel refuses one of them or nft ends.
   */
  run(commands: readonly string[]): Promise<void>;
  /**
   * Returns the JSON that a `list` command prints, without the elements of sets and maps.
   *
   * @throws {NftError} when nft cannot list it.
   */
  list(command: string): Promise<string>;
  close(): Promise<void>;
}

/** Printed on one line and without asking the kernel: when it comes, everything before it is done. */
const SENTINEL = { command: "describe ifname", answer: "datatype ifname" };
/** The sentinel's whole line is shorter than this. */
const ANSWER_MAX_BYTES = 1_024;

/** Longer text goes to a process of its own, which reads it faster from a file. */
const COMMANDS_MAX_BYTES = 64 * 1024;

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

  async function closeAll(): Promise<void> {
    await last;
    await close();
  }

  /** Returns what nft prints. One line at a time. */
  function say(line: string): Promise<string> {
    const text = `${line}\n${SENTINEL.command}\n`;
    const mine = last.then(async () => {
      const used = await current(text.length);
      used.writtenBytes += text.length;
      return exchange(used.child, text);
    });
    last = mine.catch(() => {});
    return mine;
  }

  return {
    async run(commands) {
      const line = commands.join("; ");
      if (line.length > COMMANDS_MAX_BYTES) return runFile(commands);
      const said = await say(line);
      if (said !== "") throw new NftError(`nft refused ${commands.length} commands: ${errorsIn(said)}`);
    },
    async list(command) {
      const said = await say(command);
      if (!said.startsWith("{")) throw new NftError(`nft refused "${command}": ${errorsIn(said)}`);
      return said;
    },
    close: closeAll,
    [Symbol.asyncDispose]: closeAll,
  };
}

async function runFile(commands: readonly string[]): Promise<void> {
  await runCommand("nft", ["-f", "-"], { input: `${commands.join("\n")}\n` }).catch((cause: unknown) => {
    const said = cause instanceof CommandError ? errorsIn(cause.stderr) : String(cause);
    throw new NftError(`nft refused ${commands.length} commands: ${said}`, { cause });
  });
}

function startNft(onEnd: () => void): ChildProcessWithoutNullStreams {
  // One pipe for what it prints and what it complains about keeps the two in order. Its history has no home to go to.
  const child = spawn("sh", ["-c", "exec nft -t -j -i 2>&1"], {
    env: { ...process.env, HOME: "/dev/null", TERM: "dumb" },
  });
  child.on("error", onEnd);
  child.on("close", onEnd);
  child.stdin.on("error", () => {});
  return child;
}

/** Writes the text, and gives back what nft says until the sentinel's answer. */
function exchange(child: ChildProcessWithoutNullStreams, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: Buffer[] = [];
    // Long answers come in many pieces: only the end of what has come is searched.
    let end = "";
    const finish = (settle: () => void) => {
      child.stdout.off("data", onData);
      child.off("close", onClose);
      child.off("error", onError);
      settle();
    };
    const onData = (chunk: Buffer) => {
      said.push(chunk);
      end = `${end}${chunk.toString("latin1")}`.slice(-ANSWER_MAX_BYTES);
      const answerAt = end.indexOf(SENTINEL.answer);
      if (answerAt < 0 || end.indexOf("\n", answerAt) < 0) return;
      const all = Buffer.concat(said);
      finish(() => resolve(all.toString("utf8", 0, all.length - end.length + answerAt).trim()));
    };
    const onClose = () => finish(() => reject(new NftError(`nft ended: ${Buffer.concat(said).toString().trim()}`)));
    const onError = (cause: Error) => finish(() => reject(new NftError("nft cannot be started", { cause })));
    child.stdout.on("data", onData);
    child.on("close", onClose);
    child.on("error", onError);
    child.stdin.write(text);
  });
}

/** The lines that say what is wrong. The others repeat the whole transaction, and point into it. */
function errorsIn(said: string): string {
  const errors = said.split("\n").filter((line) => line.includes("Error:"));
  return errors.length === 0 ? said.slice(0, 400) : [...new Set(errors)].slice(0, 5).join("; ");
}
