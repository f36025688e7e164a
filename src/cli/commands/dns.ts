import { forgetAllocator } from "@fairlead/lib/allocator";
import { systemClock } from "@fairlead/lib/clock";
import { freezeBuiltins } from "@fairlead/lib/freeze-builtins";
import { defineCommand, UsageError } from "../define-command.ts";
import { processLogger, runProgram } from "../long-running.ts";
import { parsePort } from "../parse-port.ts";

/** `fairlead run dns`: the cluster's DNS on one machine. */
export const dnsCommand = defineCommand({
  name: "run dns",
  summary: "Run the cluster's DNS on one machine",
  positionals: [],
  flags: {
    "node-name": { type: "string", value: "NAME", help: "Name of this machine's Node" },
    credentials: {
      type: "string",
      value: "FOLDER",
      source: "folders",
      default: "/etc/fairlead",
      help: "The folder with dns.kubeconfig",
    },
    listen: {
      type: "string",
      value: "IP:PORT",
      help: "Where to answer: the address of this machine, as long as it has it",
    },
    "cluster-domain": {
      type: "string",
      value: "DOMAIN",
      default: "cluster.local",
      help: "What Service names end with",
    },
    "resolv-conf": {
      type: "string",
      value: "FILE",
      source: "files",
      default: "/etc/resolv.conf",
      help: "Names the servers for everything else",
    },
  },
  examples: ["fairlead run dns --node-name worker-1 --listen 192.0.2.11:53"],

  async run({ flags }, context) {
    // Loaded only here: other commands start faster without it.
    const { startDnsProgram } = await import("@fairlead/cluster/programs/dns");
    const [nodeName, listen] = [flags["node-name"], flags.listen];
    if (nodeName === undefined) throw new UsageError("--node-name is missing");
    const [, address, port] = /^(.+):(\d+)$/.exec(listen ?? "") ?? [];
    if (address === undefined || port === undefined) throw new UsageError("--listen must be like 192.0.2.11:53");
    freezeBuiltins();
    forgetAllocator();
    const log = processLogger();
    const program = startDnsProgram({
      nodeName,
      credentialsFolder: flags.credentials,
      address,
      port: parsePort(port, "--listen"),
      clusterDomain: flags["cluster-domain"],
      resolvConf: flags["resolv-conf"],
      log,
      clock: systemClock,
    });
    return await runProgram(program, context.signal, { log });
  },
});
