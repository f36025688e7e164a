import { ADDONS, addonNamed, turn } from "@fairlead/cluster/addons";
import { knownCluster } from "@fairlead/cluster/description/clusters";
import { localAdminClient } from "@fairlead/cluster/kubeconfig/local-admin-client";
import { waitSignal } from "@fairlead/lib/wait-signal";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";
import { parseDuration } from "../duration.ts";

/** How long an addon may take to be there. */
const WAIT = "30s";

/** `fairlead addons enable`: turns an addon on. */
export const addonsEnableCommand = switchCommand("enable", "Turn an addon on, also for restarts", true);
/** `fairlead addons disable`: turns an addon off. */
export const addonsDisableCommand = switchCommand("disable", "Turn an addon off, also for restarts", false);

function switchCommand(verb: string, summary: string, on: boolean) {
  return defineCommand({
    name: `addons ${verb}`,
    summary,
    positionals: ["ADDON"],
    positionalSources: [ADDONS.flatMap(({ name, aliases }) => [name, ...aliases])],
    flags: { name: CLUSTER_FLAG },
    examples: [`fairlead addons ${verb} loadbalancer`],

    async run({ flags, positionals: [wanted = ""] }, context) {
      const addon = addonNamed(wanted);
      const { folder, config } = await knownCluster(flags.name);
      const signal = waitSignal(context.signal, parseDuration(WAIT, "wait"));
      await turn(await localAdminClient(folder, config), addon, on, signal);
      context.out(on ? `The addon ${addon.name} is on: it ${addon.summary}` : `The addon ${addon.name} is off`);
      return 0;
    },
  });
}
