import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { containerdConfig } from "../../src/cluster/machines/containerd-config.ts";
import { loadImage, localImageArchives } from "../../src/cluster/node-images.ts";
import { PAUSE_IMAGE } from "../../src/images/local-images.ts";

/** A containerd of its own, with the pause and the tools image, in this process's network namespace. */
export interface LabContainerd extends AsyncDisposable {
  /** Absolute path of its socket. */
  readonly socket: string;
  /** For what else belongs to it; removed with it. */
  readonly folder: string;
  /** For the containers' control groups; removed with it. */
  readonly cgroupParent: string;
}

const READY_TIMEOUT_MS = 10_000;

/** Needs root. Its processes are in a process namespace of their own, which ends with it. */
export async function startLabContainerd(): Promise<LabContainerd> {
  const folder = await mkdtemp(path.join(tmpdir(), "lab-containerd-"));
  const socket = path.join(folder, "containerd.sock");
  const config = path.join(folder, "config.toml");
  const settings = containerdConfig({
    socket,
    sandboxImage: PAUSE_IMAGE,
    cniConfigFolder: path.join(folder, "cni"),
    cniPluginFolder: "/usr/lib/cni",
    registryConfigFolder: path.join(folder, "registries"),
  });
  await writeFile(config, settings);
  const own = ["--root", path.join(folder, "root"), "--state", path.join(folder, "state"), "--address", socket];
  const child = spawn(
    "unshare",
    [
      "--pid",
      "--fork",
      "--kill-child",
      "--mount-proc",
      "containerd",
      "--config",
      config,
      "--log-level",
      "error",
      ...own,
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  const exited = once(child, "exit");
  const cgroupParent = `/fairlead-lab-${process.pid}`;
  const stop = async () => {
    child.kill("SIGKILL");
    await exited;
    await removeCgroups(cgroupParent);
    await rm(folder, { recursive: true, force: true, maxRetries: 20 });
  };
  try {
    await ready(socket);
    const images = path.join(folder, "images");
    await mkdir(images);
    for (const archive of await localImageArchives(images)) await loadImage(socket, archive);
  } catch (error) {
    await stop();
    throw error;
  }
  return { socket, folder, cgroupParent, [Symbol.asyncDispose]: stop };
}

async function ready(socket: string): Promise<void> {
  for (const end = Date.now() + READY_TIMEOUT_MS; Date.now() < end; ) {
    const there = await stat(socket).catch(() => undefined);
    if (there !== undefined) return;
    await sleep(20);
  }
  throw new Error(`containerd has not made ${socket} within ${READY_TIMEOUT_MS} ms`);
}

/** In every hierarchy; with version 2 there is only one. */
async function removeCgroups(parent: string): Promise<void> {
  const root = "/sys/fs/cgroup";
  const hierarchies = await readdir(root, { withFileTypes: true });
  const roots = [root, ...hierarchies.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(root, name))];
  for (const hierarchy of roots) await rmdir(path.join(hierarchy, parent)).catch(() => {});
}
