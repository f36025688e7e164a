import { access, readFile, writeFile } from "node:fs/promises";
import type { Family } from "@fairlead/nftables/words/ruleset";

/** A kernel setting below `/proc/sys/net`, and the value it has to have for pods to be reachable. */
export interface KernelSetting {
  readonly path: string;
  readonly value: string;
}

/**
 * What routing between pods needs.
 *
 * No redirects: between pods there is no shorter way, and the redirects that the kernel sends is taken off the few
 * ICMP messages per host that it allows, so that refusals would be missing.
 */
export function neededSettings(family: Family): readonly KernelSetting[] {
  if (family === "ip6") return [{ path: "ipv6/conf/all/forwarding", value: "1" }];
  return [
    { path: "ipv4/ip_forward", value: "1" },
    { path: "ipv4/conf/all/send_redirects", value: "0" },
    { path: "ipv4/conf/default/send_redirects", value: "0" },
  ];
}

export interface ApplyOptions {
  /** Whether it may be the namespace of a whole machine rather than one made for a node. */
  readonly ownsMachine: boolean;
  /** Where the kernel shows its settings. Default: `/proc/sys/net`. */
  readonly folder?: string;
}

/**
 * Changes those settings of this process's network namespace that are other than needed.
 *
 * @throws naming the first setting, when something would have to change and may not.
 */
export async function applySettings(
  settings: readonly KernelSetting[],
  { ownsMachine, folder = "/proc/sys/net" }: ApplyOptions,
): Promise<void> {
  for (const { path, value } of settings) {
    const file = `${folder}/${path}`;
    if ((await readFile(file, "utf8")).trim() === value) continue;
    if (!ownsMachine && (await isMachineNamespace(folder))) {
      throw new Error(
        `Cannot set ${path} to ${value}: this is the machine's own network, and the node does not own it`,
      );
    }
    await writeFile(file, value);
  }
}

/** Whether this is the network namespace that the machine came up with: some settings are only there. */
async function isMachineNamespace(folder: string): Promise<boolean> {
  return access(`${folder}/core/netdev_max_backlog`).then(
    () => true,
    () => false,
  );
}
