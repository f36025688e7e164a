import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "@fairlead/lib/log";
import { runCommand } from "@fairlead/lib/run-command";
import type { MachineFolder } from "../description/state-folder.ts";

/** Paths of a machine that a copy needs. */
export type SeededFolder = Pick<MachineFolder, "root" | "containerd" | "seed">;

/**
 * Whether a machine is new: its containerd has no folder yet. An empty folder does not count, as it may be mounted in a machine
 * that runs.
 */
export function isUnused({ containerd }: Pick<SeededFolder, "containerd">): boolean {
  return !existsSync(containerd);
}

/** Whether a machine's containerd started with a copy of this template. */
export async function isSeededFrom({ seed }: Pick<SeededFolder, "seed">, template: string): Promise<boolean> {
  const name = await readFile(seed, "utf8").catch(() => "");
  return name.trim() === path.basename(template);
}

/** Options of {@link seedMachine}. */
export interface SeedOptions {
  readonly machine: SeededFolder;
  /** Path of the template, which need not exist. */
  readonly template: string;
  readonly log: Logger;
}

/**
 * Copies a template into a new machine, whose containerd must not have started. Does nothing in a machine that has run before.
 *
 * Copies files, or clones them where the file system can. Never links them: a write in one machine must not reach another one.
 * Logs a failure and leaves the machine without images, to be imported later. Does not force the copy to disk.
 */
export async function seedMachine({ machine, template, log }: SeedOptions): Promise<void> {
  const draft = `${machine.containerd}.new`;
  try {
    if (!isUnused(machine)) return;
    if (!existsSync(template)) {
      log.info("No image template, images are imported", { template });
      return;
    }
    // Left by a supervisor that was killed.
    await rm(draft, { recursive: true, force: true });
    await mkdir(machine.root, { recursive: true });
    const copy = ["cp", "--archive", "--reflink=auto", "--no-target-directory", template, draft];
    await runCommand("setpriv", ["--pdeathsig", "KILL", ...copy]);
    await rename(draft, machine.containerd);
    await writeFile(machine.seed, `${path.basename(template)}\n`);
  } catch (error) {
    log.warn("Cannot copy the image template, images are imported", { template, error });
    await rm(draft, { recursive: true, force: true }).catch(() => {});
  }
}
