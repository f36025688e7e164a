import { execFileSync } from "node:child_process";
import path from "node:path";
import { AS_FIRST_PROCESS, insideNamespaces } from "../../test/lab/own-namespaces.testing.ts";

const root = path.resolve(import.meta.dirname, "../..");
const NAMESPACES = ["--net", "--pid", "--fork", "--kill-child", "--mount-proc"];

/** How a bench is run in namespaces of its own. */
export interface BenchInside {
  /** The variable that has the command line's words as JSON inside the namespaces. */
  readonly variable: string;
  /** Longest time that all of it may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Throws for words that make no sense, before anything is started. */
  check(words: string[]): void;
}

/**
 * Runs a bench again in network and PID namespaces of its own, with a bundle of these sources.
 *
 * @returns Inside, the command line's words; `undefined` outside, where the bench has ended by then.
 */
export function wordsInside(file: string, { variable, timeoutMs, check }: BenchInside): string[] | undefined {
  const words = process.argv.slice(2);
  if (process.env[variable] === undefined) {
    check(words);
    // The launcher makes the bundle when a source is newer.
    execFileSync(path.join(root, "fairlead"), ["version"], { stdio: "inherit" });
    // Ctrl-C reaches the process in the namespaces, too: this one stays until that one has removed its folder.
    process.on("SIGINT", () => {});
  }
  const isInside = insideNamespaces(file, {
    mark: "FAIRLEAD_BENCH_INSIDE",
    enter: ["unshare", ...NAMESPACES, "sh", "-euc", `ip link set lo up; ${AS_FIRST_PROCESS}`, "sh"],
    env: { [variable]: JSON.stringify(words) },
    timeoutMs,
  });
  return isInside ? JSON.parse(process.env[variable] ?? "[]") : undefined;
}
