import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { labCgroup, removeLeftCgroups } from "./lab-cgroups.testing.ts";
import { AS_FIRST_PROCESS, insideNamespaces } from "./own-namespaces.testing.ts";
import { unpackedPackages } from "./registry/debian-packages.testing.ts";

/** Set where this process is inside: `fairlead test` sets it too. */
const INSIDE = "FAIRLEAD_LAB";
/** Path of a kubectl of Kubernetes 1.20. */
const OLD_KUBECTL = "FAIRLEAD_TEST_KUBECTL_120";

const root = path.resolve(import.meta.dirname, "../..");

/**
 * Whether this process is inside the lab: root in network, mount and process namespaces made for it, with loopback and no
 * way out. Whatever a test starts in there ends with the lab.
 *
 * If not, runs the same test file again in one, lets its exit code be this process's, and answers false: the caller then
 * has nothing left to do.
 *
 * @param fetch - Fetches what the test needs besides. Called outside, where there may be a network.
 */
export function insideLab(testFile: string, fetch: () => void = () => {}): boolean {
  if (process.env[INSIDE] === "1") return true;
  fetch();
  removeLeftCgroups();
  const lab = { LAB_CGROUP: labCgroup(process.pid) };
  insideNamespaces(testFile, {
    mark: INSIDE,
    enter: ["sh", "-euc", ENTER, "lab"],
    // What has to be fetched is fetched here, where there may be a network.
    env: { ...lab, [OLD_KUBECTL]: oldKubectl() },
  });
  spawnSync("sh", ["-uc", LEAVE], { stdio: "inherit", env: { ...process.env, ...lab } });
  return false;
}

/** Where cgroups are: one mount on version 2, one for each controller on version 1. */
const CGROUP_MOUNTS = `cgroups=$(awk '$3 ~ /^cgroup2?$/ && $2 ~ "^/sys/fs/cgroup" { print $2 }' /proc/self/mounts)`;

/** In the new namespaces: the lab's cgroup becomes the root of what is seen in `/sys/fs/cgroup`. */
const SET_UP = `
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/cgroup
for at in $cgroups; do
  mount --bind "$at/$LAB_CGROUP" /run/cgroup
  umount "$at"
  mount --move /run/cgroup "$at"
  # Version 2 hands controllers down only from a cgroup that holds no process itself.
  mkdir "$at/tests"
  cp "$at/cpuset.cpus" "$at/cpuset.mems" "$at/tests" 2>/dev/null || true
  echo $$ > "$at/tests/cgroup.procs"
done
rmdir /run/cgroup
ip link set lo up
${AS_FIRST_PROCESS}`;

/** Makes the lab's own cgroup, without which two labs at once would share their clusters' cgroups. */
const ENTER = `
${CGROUP_MOUNTS}
export cgroups
for at in $cgroups; do
  for controller in $(cat "$at/cgroup.controllers" 2>/dev/null); do
    echo "+$controller" 2>/dev/null > "$at/cgroup.subtree_control" || true
  done
  mkdir "$at/$LAB_CGROUP"
  cp "$at/cpuset.cpus" "$at/cpuset.mems" "$at/$LAB_CGROUP" 2>/dev/null || true
  echo $$ > "$at/$LAB_CGROUP/cgroup.procs"
done
exec unshare --cgroup --net --mount --pid --fork --kill-child --mount-proc --propagation private \
  sh -euc '${SET_UP}' lab "$@"`;

const LEAVE = `
${CGROUP_MOUNTS}
for at in $cgroups; do
  for attempt in 1 2 3 4 5; do
    find "$at/$LAB_CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null && break
    sleep 0.1
  done
done`;

/** How a program ended, and what it printed. */
export interface Outcome {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Default: nothing. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A user's account inside the lab: a home, and a place for clusters, of its own. */
export interface Lab extends AsyncDisposable {
  readonly home: string;
  /** What its programs get; nothing of the caller's but the path. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program to its end, whatever its exit code. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Starts a program that goes on, such as `kubectl port-forward`. Ended with the lab at the latest. */
  start(program: string, args: readonly string[]): ChildProcess;
  /** What the program printed; throws with what it printed on standard error when it fails. */
  fairlead(...args: string[]): Promise<string>;
  kubectl(...args: string[]): Promise<string>;
  /** The same with the client of Kubernetes 1.20. */
  kubectl120(...args: string[]): Promise<string>;
}

/**
 * Makes an account. Disposing of it takes its clusters away, and its folder.
 *
 * @param more - Environment of its programs besides the usual one. Programs of its clusters inherit it.
 */
export async function startLab(more: Readonly<Record<string, string>> = {}): Promise<Lab> {
  const home = await mkdtemp(path.join(tmpdir(), "lab-"));
  const env = {
    PATH: `${root}:${process.env.PATH ?? "/usr/bin:/bin"}`,
    HOME: home,
    FAIRLEAD_HOME: path.join(home, "fairlead"),
    LANG: "C.UTF-8",
    ...more,
  };
  const children = new Set<ChildProcess>();

  const start = (program: string, args: readonly string[], options: RunOptions = {}) => {
    const { signal } = options;
    const child = spawn(program, args, {
      cwd: home,
      env: { ...env, ...options.env },
      ...(signal !== undefined && { signal }),
    });
    children.add(child);
    child.once("close", () => children.delete(child));
    return child;
  };
  const run = async (program: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> => {
    const child = start(program, args, options);
    const closed = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
    // A program that does not read its input closes it early: its exit code says whether it failed.
    child.stdin.on("error", () => {}).end(options.input);
    const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { exitCode, stdout, stderr };
  };
  const printed = async (program: string, args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(program, args);
    if (exitCode === 0) return stdout;
    throw new Error(
      `${path.basename(program)} ${args.join(" ")} ended with ${exitCode}: ${stderr.trim() || stdout.trim()}`,
    );
  };

  return {
    home,
    env,
    run,
    start,
    fairlead: (...args) => printed(path.join(root, "fairlead"), args),
    kubectl: (...args) => printed("kubectl", args),
    kubectl120: (...args) => printed(oldKubectl(), args),
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill("SIGKILL");
      if (existsSync(env.FAIRLEAD_HOME)) await printed(path.join(root, "fairlead"), ["down", "--all"]);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What a cluster on an idle machine needs at most to react to something, in milliseconds. */
const REACTION_MS = 1_000;
/** An idle machine runs a program in a pod in some 200 ms; one that is five times slower reacts later, too. */
const REACTION_PER_EXEC = 5;

/**
 * How long a cluster may take to react to what happened in a pod, on a machine as fast as this one is at the moment.
 *
 * @param exec - Runs a program in a pod: the way through API server, kubelet and containerd is the yardstick.
 */
export async function reactionMs(exec: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await exec();
  return Math.max(REACTION_MS, REACTION_PER_EXEC * (performance.now() - startedMs));
}

/**
 * Asks again and again until there is an answer.
 *
 * @param what - For the message: `the pod to be ready`.
 * @param ask - `undefined` is no answer; neither is an error, which the failure names when the time is up.
 * @param timeoutMs - Default 120,000: only a wait that fails takes that long.
 */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, timeoutMs = 120_000): Promise<T> {
  let last: unknown;
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    try {
      const answer = await ask();
      if (answer !== undefined) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Timed out after ${timeoutMs} ms waiting for ${what}`, { cause: last });
}

/** Debian's `kubernetes-client` of version 1.20, or the one that is named in the environment. */
function oldKubectl(): string {
  const named = process.env[OLD_KUBECTL];
  return named || path.join(unpackedPackages("kubectl-1.20"), "usr/bin/kubectl");
}
