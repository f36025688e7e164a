import { ExpectedError } from "@fairlead/lib/expected-error";
import { removeLeftPolicy } from "./daemon-policy.ts";
import { installPackages, isThere, listed } from "./install-packages.ts";
import { missingRequirements } from "./packages.ts";

/** @throws {ExpectedError} saying how to become root. */
export function requireRoot(command: string): void {
  if (process.platform !== "linux")
    throw new ExpectedError(`Cannot run "${command}": machines out of namespaces need Linux`);
  if (process.getuid?.() !== 0) {
    throw new ExpectedError(
      `Cannot run "${command}" as an ordinary user: it makes namespaces and interfaces; use "sudo fairlead ${command}"`,
    );
  }
}

/**
 * Makes sure that this machine has what a cluster needs.
 *
 * @throws {ExpectedError} saying what is missing and how to get it.
 */
export async function prepareMachine(options: {
  /** For the message to who is not root. */
  readonly command: string;
  readonly install: boolean;
  readonly report: (line: string) => void;
}): Promise<void> {
  requireRoot(options.command);
  await removeLeftPolicy();
  const missing = missingRequirements(isThere);
  if (missing.length === 0) return;
  if (!options.install) throw new ExpectedError(`Missing on this machine: ${listed(missing)}`);
  await installPackages(missing, options.report);
  const still = missingRequirements(isThere);
  if (still.length > 0) throw new ExpectedError(`Still missing after the packages were installed: ${listed(still)}`);
}
