import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, ftruncateSync, mkdtempSync, openSync, rmdirSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { errorsIn, NftError } from "./nft-error.ts";
import { runOnce } from "./run-once.ts";

/**
 * The packet filter of this process's network namespace, by way of a long-lived `nft -i`: a change costs it one
 * millisecond, where a process of its own costs four to sixteen.
 */
export interface NftShell extends AsyncDisposable {
  /**
   * Runs the commands as one transaction: all of them happen, or none.
   *
   * @throws {NftError} with what nft says, when the kernel refuses one of them, nft ends or cannot be started.
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

/** Longer text goes to a process of its own, which gives the memory back that it takes. */
const COMMANDS_MAX_BYTES = 64 * 1024;
/**
 * Runs the commands that are in the shell's file. nft reads a typed line byte by byte, which takes three times as long as
 * the rest of its work; files it reads in blocks.
 */
const RUN_FILE = 'include "/proc/self/fd/3"';

/** nft keeps every line for its history: after so much text it is replaced. */
const TEXT_MAX_BYTES = 4 * 1024 * 1024;

interface Shell {
  readonly child: ChildProcessWithoutNullStreams;
  /** Descriptor of the file that is nft's descriptor 3. It has no name. */
  readonly file: number;
  writtenBytes: number;
}

/** Starts nft when it is first needed, and again whenever it has ended. */
export function createNftShell(): NftShell {
  let shell: Shell | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const current = async (nextBytes: number): Promise<Shell> => {
    if (shell !== undefined && shell.writtenBytes + nextBytes > TEXT_MAX_BYTES) await close();
    shell ??= await startShell();
    return shell;
  };

  const startShell = async (): Promise<Shell> => {
    const started = await startNft();
    const forget = () => {
      if (shell === started) shell = undefined;
    };
    started.child.once("close", forget);
    started.child.once("close", () => closeSync(started.file));
    return started;
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

  /**
   * Returns what nft prints. One line at a time.
   *
   * @param content - Of the shell's file.
   */
  function say(line: string, content?: string): Promise<string> {
    const text = `${line}\n${SENTINEL.command}\n`;
    const mine = last.then(async () => {
      const used = await current(text.length);
      used.writtenBytes += text.length;
      if (content !== undefined) overwrite(used.file, content);
      return exchange(used.child, text);
    });
    last = mine.catch(() => {});
    return mine;
  }

  return {
    async run(commands) {
      const text = `${commands.join("\n")}\n`;
      if (text.length > COMMANDS_MAX_BYTES) return runOnce(commands);
      const said = await say(RUN_FILE, text);
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

/** In memory, so that a full disk stops no change of the packet filter. */
const MEMORY_FOLDER = "/dev/shm";

/** Opens a new file without a name: the kernel removes it when its last descriptor is closed. */
function openNameless(): number {
  const folder = mkdtempSync(path.join(existsSync(MEMORY_FOLDER) ? MEMORY_FOLDER : tmpdir(), "fairlead-nft-"));
  const name = path.join(folder, "commands");
  try {
    const file = openSync(name, "wx+", 0o600);
    unlinkSync(name);
    return file;
  } finally {
    // Not recursively: that takes a descriptor, and there may be none left.
    rmdirSync(folder);
  }
}

/** All of it or an error: the beginning of a transaction may be one, too. */
function overwrite(file: number, content: string): void {
  const bytes = Buffer.from(content);
  ftruncateSync(file);
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, written);
  }
}

/** @throws {NftError} when there are too few descriptors or too little memory for it. */
async function startNft(): Promise<Shell> {
  let file: number | undefined;
  try {
    file = openNameless();
    return { child: await spawnNft(file), file, writtenBytes: 0 };
  } catch (cause) {
    if (file !== undefined) closeSync(file);
    throw new NftError("nft cannot be started", { cause });
  }
}

async function spawnNft(file: number): Promise<ChildProcessWithoutNullStreams> {
  // One pipe for what it prints and what it complains about keeps the two in order. Its history has no home to go to.
  const child = spawn("sh", ["-c", "exec nft -t -j -i 2>&1"], {
    stdio: ["pipe", "pipe", "pipe", file],
    env: { ...process.env, HOME: "/dev/null", TERM: "dumb" },
  }) as ChildProcessWithoutNullStreams;
  // Rejects with the error of a failed start. Without descriptors such a child has no streams either.
  await once(child, "spawn");
  // Its streams' ends and its own are reported by "close".
  child.on("error", () => {});
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
    child.stdout.on("data", onData);
    child.on("close", onClose);
    child.stdin.write(text);
  });
}
