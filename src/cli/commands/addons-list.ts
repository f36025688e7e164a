import { ADDONS, isOn } from "@fairlead/cluster/addons";
import { knownCluster } from "@fairlead/cluster/description/clusters";
import { localAdminClient } from "@fairlead/cluster/kubeconfig/local-admin-client";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";
import { renderColumns } from "../render-columns.ts";

/** `fairlead addons list`: what can be turned on and off. */
export const addonsListCommand = defineCommand({
  name: "addons list",
  summary: "List what can be turned on and off in a running cluster",
  positionals: [],
  flags: { name: CLUSTER_FLAG },
  examples: ["fairlead addons list"],

  async run({ flags }, context) {
    const { folder, config } = await knownCluster(flags.name);
    const client = await localAdminClient(folder, config);
    const state = (await isOn(client, config)) ? "enabled" : "disabled";
    const rows = ADDONS.map(({ name, aliases, summary }) => [name, state, aliases.join(", "), summary]);
    for (const line of renderColumns([["NAME", "STATUS", "ALSO CALLED", "WHAT IT DOES"], ...rows])) context.out(line);
    return 0;
  },
});
