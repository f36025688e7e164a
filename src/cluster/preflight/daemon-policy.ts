import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import { exclusively } from "../journal/exclusively.ts";

/** Asked by Debian's packages before they start their daemons; 101 is "action not allowed" (invoke-rc.d(8)). */
const POLICY_FILE = "/usr/sbin/policy-rc.d";
const DENY = `#!/bin/sh
# fairlead installs packages without starting their daemons. It removes this file afterwards, or the next time it is started.
exit 101
`;
/** Longer than packages take to install. */
const WAIT_MS = 15 * 60_000;

/** Does `work` while packages start no daemons. A policy of the machine's own stays in force. */
export function withoutDaemons<T>(work: () => Promise<T>, file = POLICY_FILE): Promise<T> {
  return oneAtATime(async () => {
    await removeOurs(file);
    if (existsSync(file)) return await work();
    try {
      await writeFileAtomically(file, DENY, 0o755);
      return await work();
    } finally {
      await rm(file, { force: true });
    }
  });
}

/** Removes the policy of a fairlead that was killed while it installed packages: no daemon would be started any more. */
export async function removeLeftPolicy(file = POLICY_FILE): Promise<void> {
  if (await isOurs(file)) await oneAtATime(() => removeOurs(file));
}

function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  return exclusively("install packages", work, { waitMs: WAIT_MS });
}

async function removeOurs(file: string): Promise<void> {
  if (await isOurs(file)) await rm(file, { force: true });
}

async function isOurs(file: string): Promise<boolean> {
  return (await readFile(file, "utf8").catch(() => "")) === DENY;
}
