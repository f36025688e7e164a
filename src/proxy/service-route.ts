import { isIPv6 } from "@fairlead/lib/ip-family";
import { CommandError, runCommand } from "@fairlead/lib/run-command";

/**
 * Makes the node's own programs reach the Service range, where the node has no route that covers it.
 *
 * A packet gets its first route before it gets to the rules that translate it. Which route that is does not matter,
 * since it is chosen again for the endpoint: any will do, a default route as well. Where none is, one is laid over the device that
 * has the node's address. (Over the loopback device, a refused datagram would not come back as refused.) Nothing goes out
 * there untranslated: what is not a Service's is refused by the rules.
 *
 * @param source - The node's address: connections come from it.
 */
export async function ensureServiceRoute(cidr: string, source: string): Promise<void> {
  const family = isIPv6(cidr) ? "-6" : "-4";
  const [first = ""] = cidr.split("/");
  if (await hasRoute(family, first)) return;
  const device = await deviceOf(family, source);
  await runCommand("ip", [family, "route", "replace", cidr, "dev", device, "src", source]);
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

async function deviceOf(family: string, address: string): Promise<string> {
  const printed = await runCommand("ip", [family, "-j", "address", "show", "to", address]);
  const found = JSON.parse(printed) as readonly { readonly ifname?: string }[];
  const device = found.find(({ ifname }) => ifname !== undefined)?.ifname;
  if (device === undefined) throw new Error(`No device has the node's address "${address}"`);
  return device;
}
