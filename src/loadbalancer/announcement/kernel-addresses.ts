import { isIPv6 } from "@fairlead/lib/ip-family";
import { runCommand } from "@fairlead/lib/run-command";

/** Under this name `ip address` shows the addresses, on the loopback interface: what is there the kernel answers for everywhere. */
const LABEL = "lo:fairlead";
/** How long the kernel keeps an address that is not renewed, in seconds: a program that is gone answers for nothing in the end. */
export const LIFETIME_SECONDS = 60;

/** The addresses that this machine answers for besides its own. */
export interface KernelAddresses {
  /** Those that were added, by this program or the one before it. */
  read(): Promise<ReadonlySet<string>>;
  /** Every address of the machine, and the interfaces that lead out of it. */
  machine(): Promise<{ readonly addresses: ReadonlySet<string>; readonly interfaces: readonly string[] }>;
  /** Adds addresses, or renews their lifetime. */
  hold(addresses: readonly string[]): Promise<void>;
  drop(addresses: readonly string[]): Promise<void>;
  /** Says on an interface's network that the address is here now. */
  announce(address: string, device: string): Promise<void>;
  /** Returns the hardware address of another machine that answers for the address, too. */
  otherOwner(address: string, device: string): Promise<string | undefined>;
}

interface Link {
  readonly ifname: string;
  readonly link_type: string;
  readonly operstate: string;
  readonly addr_info: readonly { readonly local?: string; readonly label?: string; readonly prefixlen?: number }[];
}

/** Those of this process's network namespace, by `ip` (ip-address(8)) and BusyBox's `arping`. */
export const kernelAddresses: KernelAddresses = {
  async read() {
    const links = await readLinks();
    const own = links.flatMap(({ addr_info: all }) => all.filter(({ label }) => label === LABEL));
    return new Set(own.flatMap(({ local }) => local ?? []));
  },
  async machine() {
    const links = await readLinks();
    const own = links.flatMap(({ addr_info: all }) => all.filter(({ label }) => label !== LABEL));
    const outward = links.filter(({ link_type: type, addr_info: all }) => type === "ether" && all.some(isShared));
    return {
      addresses: new Set(own.flatMap(({ local }) => local ?? [])),
      interfaces: outward.map(({ ifname }) => ifname),
    };
  },
  async hold(addresses) {
    const life = `valid_lft ${LIFETIME_SECONDS} preferred_lft ${LIFETIME_SECONDS}`;
    await batch(
      addresses.map((address) => `address replace ${withLength(address)} dev lo scope host label ${LABEL} ${life}`),
    );
  },
  async drop(addresses) {
    await batch(addresses.map((address) => `address del ${withLength(address)} dev lo`));
  },
  async announce(address, device) {
    await runCommand("busybox", ["arping", "-U", "-c", "2", "-w", "2", "-I", device, "-s", address, address]);
  },
  async otherOwner(address, device) {
    const args = ["arping", "-D", "-f", "-c", "1", "-w", "1", "-I", device, address];
    // Ends with 1 when there was an answer.
    const output = await runCommand("busybox", args).catch((error: { stdout?: string }) => error.stdout ?? "");
    return /\[([0-9a-f:]{17})\]/i.exec(output)?.[1];
  },
};

/** An address with neighbours: pods' links have a range of one. */
function isShared({ local = "", prefixlen = 0 }: Link["addr_info"][number]): boolean {
  return prefixlen < (isIPv6(local) ? 128 : 32);
}

async function readLinks(): Promise<readonly Link[]> {
  return JSON.parse(await runCommand("ip", ["-j", "address", "show"]));
}

async function batch(commands: readonly string[]): Promise<void> {
  if (commands.length === 0) return;
  await runCommand("ip", ["-force", "-batch", "-"], { input: `${commands.join("\n")}\n` });
}

function withLength(address: string): string {
  return `${address}/${isIPv6(address) ? 128 : 32}`;
}
