import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { ClusterConfig } from "../../src/cluster/description/cluster-config.ts";
import { BUNDLE_FOLDER } from "../../src/cluster/program.ts";
import { programSpecs } from "../../src/cluster/supervisor/program-spec.ts";
import { processorSeconds } from "./processes.ts";

/** Lines of the server's log that are kept for an error message. */
const LINES_MAX = 40;
/** Time that the server may take to stop before it is killed. */
const STOP_TIMEOUT_MS = 30_000;

export interface ServerProcessOptions {
  /** The repository. */
  readonly root: string;
  readonly config: ClusterConfig;
  readonly storeFile: string;
  readonly pkiFolder: string;
}

/** A control plane as `fairlead up` runs it: the bundle, with the flags and the allocator of the supervisor. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  /** When it was spawned, as `performance.now()` has it. */
  readonly spawnedMs: number;
  /** Resolves when a line of its log contains the text. Rejects when the process ends. */
  logged(text: string): Promise<void>;
  /** Rejects when the process ends, with the end of its output. Never resolves. */
  readonly ended: Promise<never>;
  /** Last lines of its output. */
  output(): string;
  /** Processor seconds that it has used. */
  seconds(): Promise<number>;
  memory(): Promise<ServerMemory>;
}

/** Memory of a process, in MiB. */
export interface ServerMemory {
  readonly rss: number;
  readonly pss: number;
  /** The largest RSS that it has had. */
  readonly peak: number;
}

/** Starts a server on a store that no other process has open. */
export function startServerProcess({ root, config, storeFile, pkiFolder }: ServerProcessOptions): ServerProcess {
  const [node] = config.nodes;
  if (node === undefined) throw new Error("A cluster has a node");
  const program = { root, node: process.execPath, args: [path.join(root, BUNDLE_FOLDER, "cli/main.js")] };
  const spec = programSpecs(config, node, program).find(({ role }) => role === "server");
  if (spec === undefined) throw new Error("The first node has a server");
  const [command, ...words] = spec.command;
  // No supervisor is there to hand connections over; of a flag that is given twice, the last one counts.
  const args = [...words.filter((word) => word !== "--take-connections"), "--store", `sqlite:${storeFile}`];
  const compiled = { NODE_COMPILE_CACHE: path.join(root, ".cache/compile") };
  const spawnedMs = performance.now();
  // It must not outlive a benchmark that is killed.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", command, ...args, "--pki-dir", pkiFolder], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...compiled, ...spec.env },
  });
  const log = followLog(child);
  const { pid } = child;
  if (pid === undefined) throw new Error("Cannot start a server: setpriv cannot be run");
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8");
  return {
    pid,
    spawnedMs,
    ...log,
    seconds: () => processorSeconds([pid]),
    async memory() {
      const [status, rollup] = await Promise.all([read("status"), read("smaps_rollup")]);
      const mib = (text: string, name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]) / 1024;
      return { rss: mib(status, "VmRSS"), pss: mib(rollup, "Pss"), peak: mib(status, "VmHWM") };
    },
    [Symbol.asyncDispose]: () => stop(child, log.ended),
  };
}

function followLog(child: ChildProcess): Pick<ServerProcess, "logged" | "ended" | "output"> {
  const lines: string[] = [];
  const waiting = new Map<string, () => void>();
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream?.setEncoding("utf8").on("data", (piece: string) => {
      const whole = (rest + piece).split("\n");
      rest = whole.pop() ?? "";
      for (const line of whole) heard(line);
    });
  }
  function heard(line: string): void {
    lines.push(line);
    if (lines.length > LINES_MAX) lines.shift();
    for (const [text, resolve] of waiting) if (line.includes(text)) resolve();
  }
  const output = () => lines.join("\n");
  const ended = new Promise<never>((_resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      reject(new Error(`The server ended with ${signal ?? code}. Its last lines:\n${output()}`));
    });
  });
  // It may reject before a caller waits for it.
  ended.catch(() => {});
  return {
    ended,
    output,
    logged(text) {
      const found = new Promise<void>((resolve) => waiting.set(text, resolve));
      return Promise.race([found, ended]).finally(() => waiting.delete(text));
    },
  };
}

async function stop(child: ChildProcess, ended: Promise<never>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended.catch(() => {});
  clearTimeout(timer);
}
