import { CommandError, runCommand } from "@fairlead/lib/run-command";
import type { Family } from "@fairlead/nftables/words/ruleset";
import type { Flow } from "./ruleset/udp-frontends.ts";
import { parseFlows } from "./ruleset/udp-frontends.ts";

/** The UDP flows that the kernel has in mind. */
export interface Flows {
  /** Forgets those for which `isStale`, so that their next packet goes to another endpoint. */
  end(isStale: (flow: Flow) => boolean): Promise<void>;
}

/** The kernel's flows of some families, by way of the `conntrack` program: each look walks the kernel's whole table. */
export function conntrackFlows(families: readonly Family[]): Flows {
  return {
    async end(isStale) {
      for (const family of families.map((name) => NAMES[name])) {
        const flows = parseFlows(await runCommand("conntrack", ["-L", "-p", "udp", "-f", family])).filter(isStale);
        // Asked again: an endpoint may be back, and its new flows are not to be cut.
        for (const flow of flows) if (isStale(flow)) await forget(flow, family);
      }
    },
  };
}

/** What `conntrack` calls them. */
const NAMES: Readonly<Record<Family, string>> = { ip: "ipv4", ip6: "ipv6" };

async function forget({ destination, port, answeredBy }: Flow, family: string): Promise<void> {
  const match = ["--orig-dst", destination, "--orig-port-dst", String(port), "--reply-src", answeredBy];
  await runCommand("conntrack", ["-D", "-p", "udp", "-f", family, ...match]).catch((error: unknown) => {
    // Exit code 1 and nothing deleted: the flow ended by itself in the meantime.
    if (!(error instanceof CommandError && error.stderr.includes("0 flow entries"))) throw error;
  });
}
