import { ADDONS, addonNamed, rangeOf, setPool } from "@fairlead/cluster/addons";
import { knownCluster } from "@fairlead/cluster/description/clusters";
import { localAdminClient } from "@fairlead/cluster/kubeconfig/local-admin-client";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import { type CommandContext, defineCommand, UsageError } from "../define-command.ts";

const IP = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*)$/i;

/** `fairlead addons configure`: the addresses of load balancers. Asks as `minikube addons configure metallb` does. */
export const addonsConfigureCommand = defineCommand({
  name: "addons configure",
  summary: "Set the addresses that Services of type LoadBalancer get",
  description: [
    "Asks for the first and the last address, unless the flags say them. They take the place of those in the pool `default`:",
    "Services whose address is not among them get another one.",
  ],
  positionals: ["ADDON"],
  positionalSources: [ADDONS.flatMap(({ name, aliases }) => [name, ...aliases])],
  flags: {
    start: { type: "string", value: "IP", help: "First address" },
    end: { type: "string", value: "IP", help: "Last address; may be the first one" },
    name: CLUSTER_FLAG,
  },
  examples: [
    "fairlead addons configure metallb",
    "fairlead addons configure loadbalancer --start 172.30.0.220 --end 172.30.0.229",
  ],

  async run({ flags, positionals: [wanted = ""] }, context) {
    addonNamed(wanted);
    const { folder, config } = await knownCluster(flags.name);
    const start = flags.start ?? (await askForAddress(context, "-- Enter Load Balancer Start IP: ", "--start"));
    const end = flags.end ?? (await askForAddress(context, "-- Enter Load Balancer End IP: ", "--end"));
    const range = rangeOf(start, end);
    await setPool(await localAdminClient(folder, config), range, context.signal);
    context.out(`Services of type LoadBalancer get addresses of ${range}`);
    return 0;
  },
});

/** Asks again as long as the answer is no address. */
async function askForAddress(context: CommandContext, question: string, flag: string): Promise<string> {
  for (;;) {
    const answer = (await context.ask(question))?.trim();
    if (answer === undefined) throw new UsageError(`${flag} is missing, and standard input has no line for it`);
    if (IP.test(answer)) return answer;
    context.err("--Invalid input, please enter a value");
  }
}
