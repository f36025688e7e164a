import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { percentile } from "../percentile.ts";

const run = promisify(execFile);
/** USER_HZ: the unit of times in `/proc/PID/stat`, per second (proc(5)). */
const TICKS_PER_SECOND = 100;
const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

/** The command that runs a program of a folder of unpacked packages, with the libraries that lie there. */
export function unpackedCommand(root: string, program: string): readonly [file: string, ...words: string[]] {
  const libraries = readdirSync(path.join(root, "usr/lib")).filter((name) => name.endsWith("-linux-gnu"));
  const loader = readdirSync(path.join(root, "lib64")).find((name) => name.startsWith("ld-linux"));
  if (loader === undefined) throw new Error(`Cannot run ${program}: ${root} has no loader`);
  const paths = libraries.map((name) => path.join(root, "usr/lib", name)).join(":");
  return [path.join(root, "lib64", loader), "--library-path", paths, path.join(root, program)];
}

/** A server under load. */
export interface LoadResult {
  readonly answersPerSecond: number;
  readonly answersPerCoreSecond: number;
  readonly lost: number;
}

export interface Load {
  readonly root: string;
  readonly port: number;
  /** Process of the server. */
  readonly pid: number;
  /** Lines of `NAME TYPE`. */
  readonly questionsFile: string;
  readonly seconds: number;
}

/** Asks as fast as the server answers, with 100 questions under way. */
export async function runLoad({ root, port, pid, questionsFile, seconds }: Load): Promise<LoadResult> {
  const before = await cpuSeconds(pid);
  const text = await dnsperf(root, ["-p", `${port}`, "-d", questionsFile, "-l", `${seconds}`, "-c", "4", "-q", "100"]);
  const used = (await cpuSeconds(pid)) - before;
  const [completed, lost] = [figure(text, "Queries completed"), figure(text, "Queries lost")];
  return { answersPerSecond: completed / seconds, answersPerCoreSecond: completed / used, lost };
}

/** Latencies at a rate that leaves the server idle in between, in microseconds. */
export async function runPaced(load: Omit<Load, "pid">, perSecond: number): Promise<{ p50: number; p99: number }> {
  const { root, port, questionsFile, seconds } = load;
  const text = await dnsperf(root, [
    ...["-p", `${port}`, "-d", questionsFile, "-l", `${seconds}`, "-Q", `${perSecond}`, "-v"],
  ]);
  const took = [...text.matchAll(/^> \w+ \S+ \w+ ([\d.]+)$/gm)].map(([, seconds_]) => Number(seconds_) * 1e6);
  const sorted = took.sort((a, b) => a - b);
  return { p50: Math.round(percentile(sorted, 0.5)), p99: Math.round(percentile(sorted, 0.99)) };
}

async function dnsperf(root: string, words: readonly string[]): Promise<string> {
  const [file, ...before] = unpackedCommand(root, "usr/bin/dnsperf");
  const { stdout } = await run(file, [...before, "-s", "127.0.0.1", ...words], { maxBuffer: OUTPUT_MAX_BYTES });
  return stdout;
}

function figure(text: string, name: string): number {
  const found = new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1];
  if (found === undefined) throw new Error(`dnsperf has printed no "${name}": ${text}`);
  return Number(found);
}

/** Processor seconds that a process has used so far. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
