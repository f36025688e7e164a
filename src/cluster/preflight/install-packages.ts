import { accessSync, constants } from "node:fs";
import path from "node:path";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { CommandError, runCommand } from "@fairlead/lib/run-command";
import { withoutDaemons } from "./daemon-policy.ts";
import type { Requirement } from "./packages.ts";

/** Whether a command is on the path, or a program or a library has that file name. */
export function isThere(needs: string): boolean {
  if (needs.startsWith("/")) return allows(needs, isLibrary(needs) ? constants.R_OK : constants.X_OK);
  return searchPath().some((folder) => allows(path.join(folder, needs), constants.X_OK));
}

function isLibrary(file: string): boolean {
  return /\.so(\.\d+)*$/.test(file);
}

/** Asked some 150 times when a cluster starts: threads would take longer than the answers. */
function allows(file: string, mode: number): boolean {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

/** System programs are in `sbin`, which the path of an ordinary user may leave out. */
function searchPath(): string[] {
  return [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
}

/**
 * Installs the Debian packages that are missing, and removes none. No daemon that a package brings is started.
 *
 * @throws {ExpectedError} naming what is missing, where there is no `apt-get` or it fails.
 */
export async function installPackages(missing: readonly Requirement[], report: (line: string) => void): Promise<void> {
  const packages = [...new Set(missing.map((m) => m.package))];
  if (!isThere("apt-get")) {
    throw new ExpectedError(
      `Missing on this machine: ${listed(missing)}. Install them with the system's package manager`,
    );
  }
  report(`Installing Debian packages: ${packages.join(", ")}`);
  try {
    await withoutDaemons(() => aptInstall(packages));
  } catch (error) {
    const reason = error instanceof CommandError ? error.stderr.trim() : String(error);
    throw new ExpectedError(`Cannot install ${packages.join(", ")}: ${reason}`, { cause: error });
  }
}

/** What is missing and what for, in one line. */
export function listed(missing: readonly Requirement[]): string {
  return missing.map((m) => `${m.needs} (package ${m.package}: ${m.why})`).join(", ");
}

const APT_OPTIONS = ["-o", "DPkg::Lock::Timeout=300", "-y", "--no-remove", "--no-install-recommends"];

async function aptInstall(packages: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = () => runCommand("apt-get", [...APT_OPTIONS, "install", ...packages], { env });
  try {
    await install();
  } catch (error) {
    // A fresh machine has no package lists, or old ones.
    if (!(error instanceof CommandError)) throw error;
    await runCommand("apt-get", ["update"], { env });
    await install();
  }
}
