import { CommandError, runCommand } from "../lib/run-command.ts";

/**
 * Makes the node's own programs reach the Service range, where the node has no route that covers it.
 *
 * A packet gets its first route before it gets to the rules that translate it. Which route that is does not matter, as it
 * is chosen again for the endpoint: any will do, a default route as well. Where none is, one over the loopback device is
 * laid, from where nothing can leave the node.
 *
 * @param source - The address that connections come from; without one, the kernel chooses.
 */
export async function ensureServiceRoute(cidr: string, source: string | undefined): Promise<void> {
  const family = cidr.includes(":") ? "-6" : "-4";
  const [first = ""] = cidr.split("/");
  if (await hasRoute(family, first)) return;
  const from = source === undefined ? [] : ["src", source];
  await runCommand("ip", [family, "route", "replace", cidr, "dev", "lo", ...from]);
}

async function hasRoute(family: string, address: string): Promise<boolean> {
  try {
    await runCommand("ip", [family, "route", "get", address]);
    return true;
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === 2) return false;
    throw error;
  }
}
