import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Lab, until } from "../../test/lab/lab.testing.ts";
import { labSeconds } from "./processor-time.ts";

/** What a piece of work took. */
export interface Cost {
  /** From its start to its end. */
  readonly wallSeconds: number;
  /** Of all processes of the lab. */
  readonly processorSeconds: number;
}

/** Measures one piece of work, which has the lab to itself. */
export async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [startedAt, before] = [performance.now(), await labSeconds()];
  await work();
  const wallSeconds = (performance.now() - startedAt) / 1000;
  return { wallSeconds, processorSeconds: (await labSeconds()) - before };
}

/**
 * Programs that are not Fairlead's, measured in the same run: machines differ by a factor of three and drift by the hour,
 * so that a figure means something only beside these.
 */
export const YARDSTICKS: Readonly<Record<string, (lab: Lab) => Promise<Cost>>> = {
  "node -e 0": (lab) => costOf(() => lab.run(process.execPath, ["-e", "0"])),
  "runc run true": (lab) => inFolder((folder) => runcRun(lab, folder)),
  "containerd's start": (lab) => inFolder((folder) => containerdStart(lab, folder)),
};

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "yardstick-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A container of busybox that ends at once. */
async function runcRun(lab: Lab, folder: string): Promise<Cost> {
  const rootfs = path.join(folder, "rootfs");
  await mkdir(path.join(rootfs, "bin"), { recursive: true });
  await lab.run("cp", ["/bin/busybox", path.join(rootfs, "bin/true")]);
  await lab.run("runc", ["spec", "--bundle", folder]);
  await lab.run("sed", [
    "-i",
    's/"terminal": true/"terminal": false/; s/"sh"/"true"/',
    path.join(folder, "config.json"),
  ]);
  return await costOf(async () => {
    const { exitCode, stderr } = await lab.run("runc", ["run", "--bundle", folder, path.basename(folder)]);
    if (exitCode !== 0) throw new Error(`Cannot run a container with runc: ${stderr}`);
  });
}

/** An empty containerd with its default configuration, from its start until it answers. */
async function containerdStart(lab: Lab, folder: string): Promise<Cost> {
  const [config, socket] = [path.join(folder, "config.toml"), path.join(folder, "containerd.sock")];
  const lines = [
    "version = 2",
    `root = "${folder}/root"`,
    `state = "${folder}/state"`,
    `[grpc]\naddress = "${socket}"`,
  ];
  await writeFile(config, `${lines.join("\n")}\n`);
  let containerd: ReturnType<Lab["start"]> | undefined;
  const cost = await costOf(async () => {
    containerd = lab.start("containerd", ["--config", config]);
    for (const output of [containerd.stdout, containerd.stderr]) output?.resume();
    await until("containerd", () => answers(socket));
  });
  const ended = new Promise((resolve) => containerd?.once("close", resolve));
  containerd?.kill();
  await ended;
  return cost;
}

function answers(socketPath: string): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("error", () => resolve(undefined));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
