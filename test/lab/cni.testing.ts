import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

interface Plugin {
  readonly type: string;
}

interface CniResult {
  readonly ips: readonly { readonly address: string; readonly gateway?: string }[];
}

export interface CniCall {
  readonly configFile: string;
  readonly binDir: string;
  readonly sandboxId: string;
  readonly netns: string;
  readonly portMappings?: readonly { hostPort: number; containerPort: number; protocol: "tcp" | "udp" }[];
}

/**
 * Gives a network namespace its interface, as a container runtime does: the configuration's plugins one after another.
 *
 * @returns The pod's address, without its prefix.
 */
export function cniAdd(call: CniCall): string {
  const { plugins, ...list } = JSON.parse(readFileSync(call.configFile, "utf8"));
  let prevResult: CniResult | undefined;
  for (const plugin of plugins) {
    prevResult = JSON.parse(runPlugin("ADD", { ...call, input: { ...list, ...plugin, prevResult } }));
  }
  return prevResult?.ips[0]?.address.split("/")[0] ?? "";
}

/** Takes the interface away, and frees the address. */
export function cniDelete(call: CniCall): void {
  const { plugins, ...list } = JSON.parse(readFileSync(call.configFile, "utf8"));
  for (const plugin of plugins.toReversed()) runPlugin("DEL", { ...call, input: { ...list, ...plugin } });
}

function runPlugin(
  command: "ADD" | "DEL",
  { binDir, sandboxId, netns, portMappings = [], input }: CniCall & { readonly input: Plugin },
): string {
  const env = {
    PATH: process.env.PATH,
    CNI_COMMAND: command,
    CNI_CONTAINERID: sandboxId,
    CNI_NETNS: netns,
    CNI_IFNAME: "eth0",
    CNI_PATH: binDir,
  };
  const config = { ...input, runtimeConfig: { portMappings } };
  return execFileSync(path.join(binDir, input.type), { env, input: JSON.stringify(config), encoding: "utf8" });
}
