import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { PAUSE_IMAGE, pauseImage, TOOLS_IMAGE, toolsImage } from "../../src/images/local-images.ts";
import { ociArchive } from "../../src/images/oci-archive.ts";

const run = promisify(execFile);

/** A containerd of the test's own, with the pause and the tools image in it. */
export interface PrivateContainerd extends AsyncDisposable {
  readonly socketPath: string;
  readonly toolsImage: string;
  /** Ends it as a crash would, and starts it again. Shims and pods go on. */
  killAndRestart(): Promise<void>;
}

/**
 * Starts containerd with everything of its own in one folder. The calling process must be root in network, mount and
 * PID namespaces of its own.
 *
 * @param podCIDR - The addresses of its pods.
 */
export async function startPrivateContainerd(folder: string, podCIDR: string): Promise<PrivateContainerd> {
  const socketPath = path.join(folder, "containerd.sock");
  const cni = path.join(folder, "cni");
  await mkdir(cni, { recursive: true });
  await writeFile(path.join(cni, "10-lab.conflist"), cniConfig(folder, podCIDR));
  await writeFile(path.join(folder, "config.toml"), containerdConfig(folder, socketPath));
  const log = path.join(folder, "containerd.log");
  const start = async () => {
    const started = spawn("sh", ["-c", `exec containerd --config ${folder}/config.toml >> ${log} 2>&1`]);
    await untilAnswering(socketPath, started, log);
    return started;
  };
  let child = await start();
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  };
  await importImages(folder, socketPath);
  return {
    socketPath,
    toolsImage: TOOLS_IMAGE,
    async killAndRestart() {
      await end("SIGKILL");
      child = await start();
    },
    [Symbol.asyncDispose]: () => end("SIGTERM"),
  };
}

async function untilAnswering(socketPath: string, child: ChildProcess, log: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const answered = await run("ctr", ["-a", socketPath, "version"]).then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`containerd did not start:\n${await readFile(log, "utf8")}`);
    await sleep(20);
  }
}

async function importImages(folder: string, socketPath: string): Promise<void> {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  const { stdout } = await run("/bin/busybox", ["--list"]);
  const images = [await pauseImage(architecture), await toolsImage(architecture, stdout.trim().split("\n"))];
  for (const [index, image] of images.entries()) {
    const file = path.join(folder, `image-${index}.tar`);
    await writeFile(file, await ociArchive(image));
    await run("ctr", ["-a", socketPath, "-n", "k8s.io", "images", "import", file]);
  }
}

function containerdConfig(folder: string, socketPath: string): string {
  return `
version = 2
root = "${folder}/root"
state = "${folder}/state"
[grpc]
  address = "${socketPath}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  disable_apparmor = true
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
`;
}

function cniConfig(folder: string, podCIDR: string): string {
  const ipam = {
    type: "host-local",
    dataDir: `${folder}/ipam`,
    ranges: [[{ subnet: podCIDR }]],
    routes: [{ dst: "0.0.0.0/0" }],
  };
  return JSON.stringify({ cniVersion: "1.0.0", name: "lab", plugins: [{ type: "ptp", ipMasq: false, ipam }] });
}
