import { knownCluster, knownClusters } from "@fairlead/cluster/description/clusters";
import { turnOffHostDNS, turnOnHostDNS } from "@fairlead/cluster/host-dns/turn-host-dns";
import { localAdminClient } from "@fairlead/cluster/kubeconfig/local-admin-client";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { defineCommand } from "../define-command.ts";

/** `fairlead dns enable`: the cluster's names on this machine. */
export const dnsEnableCommand = defineCommand({
  name: "dns enable",
  summary: "Resolve the cluster's names on this machine, also after restarts",
  description: [
    "systemd-resolved asks the cluster for names that end in the cluster's domain, and for no others: a browser finds",
    "http://web.shop.svc.cluster.local. With --host-domain the names have a second domain, that of the cluster's name:",
    "http://web.shop.fairlead.test.",
  ],
  positionals: [],
  flags: {
    "host-domain": {
      type: "boolean",
      help: "Add the second domain NAME.test, which each cluster has for itself",
    },
    name: CLUSTER_FLAG,
  },
  examples: ["fairlead dns enable", "fairlead dns enable --host-domain --name demo"],

  async run({ flags }, context) {
    const { folder, config } = await knownCluster(flags.name);
    const others = (await knownClusters()).map((one) => one.config).filter(({ name }) => name !== config.name);
    const client = await localAdminClient(folder, config);
    const domains = await turnOnHostDNS({ folder, client, hostDomain: flags["host-domain"], others });
    context.out(`This machine asks the cluster "${config.name}" for names that end in ${domains.join(" and ")}`);
    return 0;
  },
});

/** `fairlead dns disable`: undoes `fairlead dns enable`. */
export const dnsDisableCommand = defineCommand({
  name: "dns disable",
  summary: "Resolve the cluster's names on this machine no longer",
  positionals: [],
  flags: { name: CLUSTER_FLAG },
  examples: ["fairlead dns disable"],

  async run({ flags }, context) {
    const { folder, config } = await knownCluster(flags.name);
    await turnOffHostDNS(folder, await localAdminClient(folder, config));
    context.out(`This machine asks the cluster "${config.name}" for no names`);
    return 0;
  },
});
