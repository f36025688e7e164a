import { isIP } from "node:net";
import { parseForwards } from "@fairlead/forward/target";
import { systemClock } from "@fairlead/lib/clock";
import { CLUSTER_FLAG } from "../cluster-flag.ts";
import type { CommandContext, FlagValues } from "../define-command.ts";
import { defineCommand, UsageError } from "../define-command.ts";
import { untilAborted } from "../long-running.ts";

const flags = {
  name: CLUSTER_FLAG,
  kubeconfig: { type: "string", value: "FILE", source: "files", help: "Use this kubeconfig, of any cluster, instead" },
  context: { type: "string", value: "NAME", help: "Use this context of the kubeconfig" },
  namespace: {
    type: "string",
    short: "n",
    value: "NAME",
    help: "Namespace of targets that name none (default default)",
  },
  address: {
    type: "string",
    value: "IP",
    default: "127.0.0.1",
    help: "Addresses of this machine, separated by commas",
  },
} as const;

/** `fairlead forward`: ports of this machine lead to Services and pods. */
export const forwardCommand = defineCommand({
  name: "forward",
  summary: "Lead ports of this machine to Services and pods",
  description: [
    "A target is [NAMESPACE/]TYPE/NAME with ports behind it: PORT, LOCAL:PORT, or :PORT for any free one of this machine. Without a port: all that it declares.",
    "Each connection goes to a ready pod that is chosen when it begins, so pods may come and go. It ends with Ctrl-C.",
  ],
  positionals: ["TARGET", "[PORT...]"],
  positionalSources: ["targets"],
  flags,
  examples: [
    "fairlead forward svc/quote 8080:80",
    "fairlead forward shop/svc/web 8080:http svc/quote :80 pod/redis-0 6379",
  ],

  async run({ flags: given, positionals }, context) {
    const addresses = listenAddresses(given.address);
    // Words are looked at before anything is read; the namespace may still change.
    const wrong = parseForwards(positionals, "default");
    if (typeof wrong === "string") throw new UsageError(wrong);
    await using forward = await start(given, { positionals, addresses, context });
    await untilAborted(context.signal);
    await forward.stop();
    return 0;
  },
});

interface Start {
  readonly positionals: readonly string[];
  readonly addresses: readonly string[];
  readonly context: CommandContext;
}

/** Loaded only here: other commands start faster without it. */
async function start(given: FlagValues<typeof flags>, { positionals, addresses, context }: Start) {
  const { chooseServer } = await import("@fairlead/cluster/kubeconfig/choose-server");
  const { createHttpsTransport } = await import("@fairlead/client/transport/https-transport");
  const { createClient } = await import("@fairlead/client/rest/rest-client");
  const { openPodConnection } = await import("@fairlead/forward/pod-connections");
  const { startForward } = await import("@fairlead/forward/start-forward");
  const { server, namespace } = await chooseServer(given);
  const forwards = parseForwards(positionals, given.namespace ?? namespace);
  if (typeof forwards === "string") throw new UsageError(forwards);
  return await startForward({
    client: createClient(createHttpsTransport(server)),
    open: (backend) => openPodConnection(server, backend),
    forwards,
    addresses,
    onListening: context.out,
    onTrouble: context.err,
    clock: systemClock,
    random: Math.random,
  });
}

function listenAddresses(text: string): string[] {
  return text.split(",").map((address) => {
    if (address === "localhost") return "127.0.0.1";
    if (isIP(address) === 0) throw new UsageError(`--address "${text}" must be IP addresses, separated by commas`);
    return address;
  });
}
