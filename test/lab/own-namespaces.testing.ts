import { spawnSync } from "node:child_process";

/** Of tests of one part: much more than any of them takes. */
const PART_TIMEOUT_MS = 720_000;

/** How a test file is run again in namespaces. */
export interface EnterOptions {
  /** The environment variable that is `1` inside. */
  readonly mark: string;
  /** A program and its words, which makes the namespaces and runs in them what comes behind. */
  readonly enter: readonly [program: string, ...words: string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** Default: none. */
  readonly timeoutMs?: number;
}

/**
 * Whether this process is inside.
 *
 * If not, runs the same test file again inside, lets its exit code be this process's, and answers false: the caller then
 * has nothing left to do.
 */
export function insideNamespaces(testFile: string, { mark, enter, env, timeoutMs }: EnterOptions): boolean {
  if (process.env[mark] === "1") return true;
  // Set by the test runner around this file, it would keep the one inside from telling its results.
  const { NODE_TEST_CONTEXT: _, ...outside } = process.env;
  // Its end must not depend on ours being a quiet one: while we wait for it we hear no signal.
  const words = ["--pdeathsig", "KILL", ...enter, process.execPath, ...runnerFlags(testFile), testFile];
  const { status } = spawnSync("setpriv", words, {
    stdio: "inherit",
    env: { ...outside, ...env, [mark]: "1" },
    timeout: timeoutMs,
  });
  process.exitCode = status ?? 1;
  return false;
}

/**
 * A test file runs below Node's test runner: run by itself, it ends with 0 though what it does after its tests has failed.
 * A bench prints its own lines.
 */
function runnerFlags(file: string): readonly string[] {
  return file.endsWith(".test.ts") ? ["--test", "--test-reporter=spec"] : [];
}

/**
 * Whether this process is root in network, mount and PID namespaces of its own, with loopback and no way out: for tests
 * of one part, which need no cluster. If not, does as {@link insideNamespaces}.
 *
 * When its first process ends, everything in it ends: containerd, shims and pods. Named network namespaces made inside
 * go with it, as the folder of their names is mounted for it alone.
 */
export function insideOwnNamespaces(testFile: string): boolean {
  return insideNamespaces(testFile, {
    mark: "FAIRLEAD_LAB_PART",
    enter: ["unshare", ...NAMESPACES, "sh", "-euc", SET_UP, "sh"],
    timeoutMs: PART_TIMEOUT_MS,
  });
}

const NAMESPACES = [
  ...["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"],
  ...["--propagation", "private"],
];

/**
 * Runs the test as a child of the shell that is the first process of the new PID namespace. Orphans become children of the
 * first process, and a shell reaps them; Node.js as the first process would leave each as a zombie.
 */
export const AS_FIRST_PROCESS = '"$@" || exit $?; exit 0';

const SET_UP = `mkdir -p /run/netns; mount -t tmpfs none /run/netns; ip link set lo up; ${AS_FIRST_PROCESS}`;
