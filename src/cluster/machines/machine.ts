import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import type { ProcessIdentity } from "@fairlead/lib/process-identity";
import { firstChild, identifyProcess, signalProcess } from "@fairlead/lib/process-identity";
import { runCommand } from "@fairlead/lib/run-command";
import { prefixLengthOf } from "../description/addresses.ts";
import type { ClusterConfig, NodeConfig } from "../description/cluster-config.ts";
import { controlPlaneAddress, gatewayAddress, isControlPlane } from "../description/cluster-config.ts";
import { machineCgroup } from "../description/cluster-names.ts";
import type { MachineFolder } from "../description/state-folder.ts";
import type { Journal } from "../journal/journal.ts";
import { cgroupProcsFiles, makeCgroup } from "./cgroup.ts";
import type { Fabric, FabricPort } from "./fabric.ts";
import { connectMachine, machineLinkScript } from "./fabric.ts";
import { type Mount, mountTable } from "./mount-table.ts";

/** A machine out of namespaces: network, mount, UTS and PID namespaces and a cgroup of its own. */
export interface Machine {
  readonly node: NodeConfig;
  readonly folder: MachineFolder;
  /** The machine's first process, as the host numbers it. Everything in the machine ends with it. */
  readonly init: ProcessIdentity;
  readonly cgroup: string;
}

export interface MachineOptions {
  readonly config: ClusterConfig;
  readonly node: NodeConfig;
  readonly folder: MachineFolder;
  readonly fabric: Fabric;
  readonly journal: Journal;
  /** Folders of this machine that must be there under the same path, read-only: the program and its Node. */
  readonly shared: readonly string[];
  /** Folders for this machine alone, by their path in it, for example the control plane's store. */
  readonly binds?: Readonly<Record<string, string>>;
  /** Resolves when the machine's folders have their first files. Missing folders are created, and all are mounted, after that. */
  readonly filled: Promise<void>;
  /** Name servers for what is not in the cluster. */
  readonly nameServers: readonly string[];
}

/** Runs a program in all of the machine's namespaces: the words to put in front of it. */
export function enterMachine(init: ProcessIdentity): readonly [string, ...string[]] {
  return ["nsenter", "--target", String(init.pid), "--mount", "--net", "--uts", "--pid"];
}

/** Runs a shell's arguments as its only child, and ends as that has ended: with the same exit code, or by the same signal. */
const WAIT = '"$@"; code=$?; [ "$code" -le 128 ] || kill -"$((code - 128))" $$; exit "$code"';

/**
 * Runs a program in all of the machine's namespaces, as the only child of a process that waits for it: the words to put in
 * front of it.
 *
 * A shell waits and not `nsenter`, which stops itself with a program that is stopped and is not continued with it: the end
 * of the program, and of its machine, would not be seen (util-linux, sys-utils/nsenter.c).
 *
 * @param env - Variables for the program, and neither for `nsenter` nor for the shell.
 */
export function waitInMachine(
  init: ProcessIdentity,
  env: Readonly<Record<string, string>> = {},
): readonly [string, ...string[]] {
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${quote(value)} `);
  return [...enterMachine(init), "--no-fork", "sh", "-c", `${assignments.join("")}${WAIT}`, "sh"];
}

/** Starts a machine. What was written to it before is still there. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const { node, folder, journal, config } = options;
  const cgroup = machineCgroup(config, node.name);
  const binds = { ...folder.binds, ...options.binds, "/run/fairlead": folder.run };
  await journal.add({ type: "cgroup", path: cgroup });
  makeCgroup(cgroup);
  await Promise.all([folder.upper, folder.work, folder.mountPoint].map((f) => mkdir(f, { recursive: true })));
  const init = await startInit(cgroup);
  await journal.add({ type: "machine", node: node.name, ...init });
  try {
    const port = fabricPort(options);
    await Promise.all([options.filled, connectMachine(options.fabric, init.pid, port)]);
    await Promise.all(Object.values(binds).map((f) => mkdir(f, { recursive: true })));
    const { script, tables } = mountScript(folder, node.name, binds, options.shared);
    await Promise.all(Object.entries(tables).map(([file, text]) => writeFile(file, text)));
    await enterAndRun(init, [...machineLinkScript(port), ...script]);
    await writeIdentityFiles(init, options);
  } catch (error) {
    // Half a machine is none: the next attempt makes a new one.
    await signalProcess(init, "SIGKILL");
    throw error;
  }
  return { node, folder, init, cgroup };
}

function fabricPort({ node, config }: MachineOptions): FabricPort {
  return {
    index: node.index,
    cidr: `${node.address}/${prefixLengthOf(config.nodeCIDRs[0])}`,
    gateway: gatewayAddress(config),
    ...(isControlPlane(config, node) && { lasting: controlPlaneAddress(config) }),
  };
}

/** `catatonit -P` collects orphans and waits: the smallest first process there is. */
async function startInit(cgroup: string): Promise<ProcessIdentity> {
  const join = cgroupProcsFiles(cgroup).map((file) => `echo $$ > ${quote(file)}`);
  const script = [...join, "exec unshare --mount --net --uts --pid --fork --propagation private catatonit -P"];
  const parent = spawn("sh", ["-euc", script.join("\n")], { stdio: ["ignore", "ignore", "pipe"], detached: true });
  parent.unref();
  await once(parent, "spawn");
  const pid = await initOf(parent);
  const identity = await identifyProcess(pid);
  if (identity === undefined) throw new Error("Cannot start a machine: its first process ended at once");
  return identity;
}

/** `unshare --fork` stays outside; its only child is process 1 inside, which is there once it has become catatonit. */
async function initOf(parent: ChildProcess): Promise<number> {
  let said = "";
  parent.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const init = parent.pid === undefined ? undefined : await firstChild(parent.pid);
  while (init !== undefined && (await identifyProcess(init)) !== undefined) {
    const command = await readFile(`/proc/${init}/comm`, "utf8").catch(() => "");
    if (command.trim() === "catatonit") {
      parent.stderr?.destroy();
      return init;
    }
    await new Promise((resolve) => setTimeout(resolve, INIT_POLL_INTERVAL_MS));
  }
  throw new Error(`Cannot start a machine: ${said.trim() || "its first process ended at once"}`);
}

const INIT_POLL_INTERVAL_MS = 2;

/**
 * Puts the machine's root together and moves into it: the host's root with a layer of its own on top.
 *
 * The order matters: what is mounted later lies on top, and `pivot_root` takes all of it along. One `mkdir` and two `mount`
 * do it: a program for each step would take longer than the steps.
 *
 * @returns the lines of a shell script, and the tables of mounts that it reads (fstab(5)), by their files.
 */
function mountScript(
  folder: MachineFolder,
  hostname: string,
  binds: Readonly<Record<string, string>>,
  shared: readonly string[],
): { readonly script: readonly string[]; readonly tables: Readonly<Record<string, string>> } {
  const root = folder.mountPoint;
  const inRoot = (p: string) => path.join(root, p);
  const system: readonly Mount[] = [
    { source: "overlay", at: root, type: "overlay", options: overlayOptions(folder) },
    { source: "proc", at: inRoot("/proc"), type: "proc", options: "defaults" },
    { source: "sysfs", at: inRoot("/sys"), type: "sysfs", options: "defaults" },
    { source: "/sys/fs/cgroup", at: inRoot("/sys/fs/cgroup"), type: "none", options: "rbind" },
    { source: "/dev", at: inRoot("/dev"), type: "none", options: "rbind" },
    { source: "tmpfs", at: inRoot("/run"), type: "tmpfs", options: "mode=755" },
  ];
  const folders: readonly Mount[] = [
    ...shared.map((p) => ({ source: p, at: inRoot(p), type: "none", options: "bind,ro" })),
    ...Object.entries(binds).map(([p, source]) => ({ source, at: inRoot(p), type: "none", options: "bind" })),
  ];
  const [systemTable, folderTable] = [path.join(folder.root, "system.fstab"), path.join(folder.root, "folders.fstab")];
  return {
    script: [
      `hostname ${quote(hostname)}`,
      `mount --all --fstab ${quote(systemTable)}`,
      `cd ${quote(root)}`,
      `mkdir -p .host ${folders.map(({ at }) => quote(at)).join(" ")}`,
      `mount --all --fstab ${quote(folderTable)}`,
      "pivot_root . .host",
      "umount -l /.host",
      "rmdir /.host",
    ],
    tables: { [systemTable]: mountTable(system), [folderTable]: mountTable(folders) },
  };
}

function overlayOptions({ upper, work }: MachineFolder): string {
  return `lowerdir=/,upperdir=${upper},workdir=${work}`;
}

async function enterAndRun(init: ProcessIdentity, script: readonly string[]): Promise<void> {
  const [program, ...args] = enterMachine(init);
  await runCommand(program, [...args, "sh", "-euc", script.join("\n")]);
}

/** What distinguishes this machine from the host whose files it sees. */
async function writeIdentityFiles(init: ProcessIdentity, { node, config, nameServers }: MachineOptions): Promise<void> {
  await Promise.all([
    replaceFile(init, "hostname", `${node.name}\n`),
    writeHosts(init, config),
    replaceFile(init, "resolv.conf", nameServers.map((address) => `nameserver ${address}\n`).join("")),
  ]);
}

/** Lets a machine know all of the cluster's machines by their names. May be called while programs read them. */
export async function writeHosts(init: ProcessIdentity, { nodes }: ClusterConfig): Promise<void> {
  const hosts = ["127.0.0.1 localhost", "::1 localhost", ...nodes.map(({ address, name }) => `${address} ${name}`)];
  await replaceFile(init, "hosts", `${hosts.join("\n")}\n`);
}

/** A file of a machine's `/etc`. The host's, below it, may be a link to somewhere that is not there in the machine. */
async function replaceFile(init: ProcessIdentity, name: string, content: string): Promise<void> {
  const file = `/proc/${init.pid}/root/etc/${name}`;
  // Not kept beyond the machine, and so not waited for until it is on the disk.
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
