import { knownCluster } from "@fairlead/cluster/description/clusters";
import { adminKubeconfig } from "@fairlead/cluster/kubeconfig/kubeconfig-record";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";

/** `fairlead kubeconfig`: prints a kubeconfig file with only this cluster in it. */
export const kubeconfigCommand = defineCommand({
  name: "kubeconfig",
  summary: "Print a kubeconfig file for a cluster",
  positionals: [],
  flags: {
    name: CLUSTER_FLAG,
  },
  examples: ["fairlead kubeconfig > ./kubeconfig", "fairlead kubeconfig --name second"],

  async run({ flags }, context) {
    const { folder, config } = await knownCluster(flags.name);
    context.write(await adminKubeconfig(folder, config));
    return 0;
  },
});
