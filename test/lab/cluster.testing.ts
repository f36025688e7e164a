import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { scopeOf } from "../../src/cluster/description/cluster-names.ts";
import { type Lab, until } from "./lab.testing.ts";

/** Lines at the end of each log that a failure tells. */
const LOG_LINES = 15;

/** `fairlead up` without a way out. When it fails, the error carries what the cluster's programs have logged. */
export async function upOrShowLogs(lab: Lab, args: readonly string[]): Promise<string> {
  try {
    return await lab.fairlead("up", "--uplink", "none", "--wait", "240s", ...args);
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${await logs(lab)}`, { cause: error });
  }
}

/**
 * What is left of clusters in this lab: processes, interfaces, routes, namespaces, mounts, cgroups and files.
 *
 * The lab was made with nothing of it, so anything found is a cluster's.
 */
export async function remains(lab: Lab): Promise<string[]> {
  const lines = async (script: string) =>
    (await lab.run("sh", ["-c", script])).stdout.split("\n").filter((l) => l !== "");
  const state = lab.env.FAIRLEAD_HOME ?? "";
  // An orphan that was killed is gone for `down`, but listed until the lab's first process has reaped it.
  await until("the lab's first process to reap orphans", async () =>
    (await lines("ps -eo stat= | grep ^Z")).length === 0 ? true : undefined,
  );
  const found = await Promise.all([
    lines(
      "ps -eo args= | grep -E '[f]airlead .*supervise|[c]li/main.js|[c]ontainerd|[c]atatonit|[s]lirp4netns' | grep -v '^sh -c '",
    ),
    lines("ip -o link show | grep -v ' lo:'"),
    lines("ip route show"),
    lines("ls /run/netns 2>/dev/null"),
    // Written so that the search for processes, which runs at the same time, does not find this one.
    lines(`grep -E 'fairlead|[c]ontainerd' /proc/mounts | grep -v ' ${state}/state/cache'`),
    lines(`find /sys/fs/cgroup -maxdepth 3 -type d -path '*/fairlead-${scopeOf(state)}*'`),
    lines(`find ${state}/state/clusters ${state}/run -type f 2>/dev/null`),
  ]);
  return found.flat();
}

/** What a cluster's journal says about one thing that was made. */
export interface Journaled {
  readonly type: string;
  readonly role?: string;
  readonly node?: string;
  readonly pid?: number;
}

/** The process that the cluster `fairlead` started last for something: `(entry) => entry.role === "supervisor"`. */
export async function newestPid(lab: Lab, wanted: (entry: Journaled) => boolean): Promise<number> {
  const file = path.join(lab.env.FAIRLEAD_HOME ?? "", "state/clusters/fairlead/journal.jsonl");
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  const pid = lines.map((line) => JSON.parse(line) as Journaled).findLast(wanted)?.pid;
  assert.ok(pid !== undefined);
  return pid;
}

/** The end of every log of every cluster of this account. */
export async function logs(lab: Lab): Promise<string> {
  const clusters = path.join(lab.env.FAIRLEAD_HOME ?? "", "state/clusters");
  const files = (await readdir(clusters, { recursive: true })).filter((file) => /\/logs\/[^/]+\.log$/.test(file));
  const texts = await Promise.all(
    files.map(async (file) => {
      const lines = (await readFile(path.join(clusters, file), "utf8")).trimEnd().split("\n");
      return [`== ${file}`, ...lines.slice(-LOG_LINES)].join("\n");
    }),
  );
  return texts.join("\n");
}

/** Leaves of the account's cluster what a reboot leaves: files. The cluster must be the only one. */
export async function killAll(lab: Lab, nodes: readonly string[]): Promise<void> {
  process.kill(await newestPid(lab, (entry) => entry.role === "supervisor"), "SIGKILL");
  for (const node of nodes) {
    process.kill(await newestPid(lab, (entry) => entry.type === "machine" && entry.node === node), "SIGKILL");
  }
  await lab.run("sh", ["-c", "ip netns delete $(ls /run/netns)"]);
}
