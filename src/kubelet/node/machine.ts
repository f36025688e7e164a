import { readFile, statfs } from "node:fs/promises";
import os from "node:os";
import type { NodeSystemInfo } from "@fairlead/api/core/v1/node/node";
import { readKernelFile } from "@fairlead/lib/read-kernel-file";

/** What a machine has and is, as far as Nodes report it. */
export interface Machine {
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Of the file system with the kubelet's folder. */
  readonly diskBytes: number;
  readonly info: Pick<
    NodeSystemInfo,
    "machineID" | "systemUUID" | "bootID" | "kernelVersion" | "osImage" | "operatingSystem" | "architecture"
  >;
}

/** What is left of it now. */
export interface MachineRoom {
  readonly memoryAvailableBytes: number;
  /** Of all, from 0 to 1. */
  readonly diskAvailableShare: number;
  readonly pidsAvailableShare: number;
}

const architectures: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386", arm64: "arm64", arm: "arm" };

/** Reads what the machine is. Values that it does not have (machine id, firmware) stay empty. */
export async function readMachine(rootDir: string): Promise<Machine> {
  const [machineID, systemUUID, bootID, release, disk] = await Promise.all([
    text("/etc/machine-id"),
    text("/sys/class/dmi/id/product_uuid"),
    text("/proc/sys/kernel/random/boot_id"),
    text("/etc/os-release"),
    statfs(rootDir),
  ]);
  return {
    cpus: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    diskBytes: disk.blocks * disk.bsize,
    info: {
      machineID,
      systemUUID: systemUUID === "" ? machineID : systemUUID,
      bootID,
      kernelVersion: os.release(),
      osImage: /^PRETTY_NAME="?(.*?)"?$/m.exec(release)?.[1] ?? os.version(),
      operatingSystem: os.platform(),
      architecture: architectures[os.arch()] ?? os.arch(),
    },
  };
}

/** Reads how much room the machine has left. */
export async function readRoom(rootDir: string): Promise<MachineRoom> {
  const disk = await statfs(rootDir);
  const memory = readKernelFile("/proc/meminfo") ?? "";
  const load = readKernelFile("/proc/loadavg") ?? "";
  const pidMax = readKernelFile("/proc/sys/kernel/pid_max") ?? "";
  const availableKib = Number(/^MemAvailable:\s+(\d+) kB$/m.exec(memory)?.[1] ?? os.freemem() / 1024);
  const processes = Number(load.split(" ")[3]?.split("/")[1] ?? 0);
  return {
    memoryAvailableBytes: availableKib * 1024,
    diskAvailableShare: disk.bavail / disk.blocks,
    pidsAvailableShare: 1 - processes / Number(pidMax.trim() || "32768"),
  };
}

async function text(file: string): Promise<string> {
  return (await readFile(file, "utf8").catch(() => "")).trim();
}
