import { forgetAllocator } from "@fairlead/lib/allocator";
import { systemClock } from "@fairlead/lib/clock";
import { freezeBuiltins } from "@fairlead/lib/freeze-builtins";
import { defineCommand, UsageError } from "../define-command.ts";
import { processLogger, runProgram } from "../long-running.ts";
import { parsePort } from "../parse-port.ts";

/** `fairlead run server`: a control plane. */
export const serverCommand = defineCommand({
  name: "run server",
  summary: "Run a control plane: API server, controllers, scheduler",
  positionals: [],
  flags: {
    store: {
      type: "string",
      value: "URL",
      default: "sqlite:/var/lib/fairlead/state.db",
      help: "Where objects are kept: sqlite:FILE or memory:",
    },
    "pki-dir": {
      type: "string",
      value: "FOLDER",
      source: "folders",
      default: "/etc/fairlead-pki",
      help: "The cluster's certificates",
    },
    "advertise-address": { type: "string", value: "IP", help: "Under which nodes and pods reach this server" },
    "secure-port": { type: "string", value: "PORT", default: "6443", help: "Where HTTPS is served" },
    "service-cidr": {
      type: "string",
      value: "CIDR",
      multiple: true,
      default: "10.96.0.0/12",
      help: "Addresses of Services; once for each IP family",
    },
    "pod-cidr": {
      type: "string",
      value: "CIDR",
      multiple: true,
      default: "10.244.0.0/16",
      help: "Addresses of pods; once for each IP family",
    },
    "service-node-port-range": {
      type: "string",
      value: "FROM-TO",
      default: "30000-32767",
      help: "Ports for NodePort Services",
    },
    "cluster-domain": {
      type: "string",
      value: "DOMAIN",
      default: "cluster.local",
      help: "What Service names end with",
    },
    "cluster-dns": { type: "string", value: "IP", default: "10.96.0.10", help: "Address of the DNS Service" },
    "load-balancer-range": {
      type: "string",
      value: "RANGE",
      multiple: true,
      help: "Addresses that Services of type LoadBalancer get at first: FROM-TO or CIDR",
    },
    "no-load-balancer": { type: "boolean", help: "Give Services of type LoadBalancer no addresses at first" },
    "take-connections": { type: "boolean", help: "Take connections from the parent process as well" },
  },
  examples: ["fairlead run server --advertise-address 192.0.2.10"],

  async run({ flags }, context) {
    // Loaded only here: other commands start faster without it.
    const { startServerProgram } = await import("@fairlead/cluster/programs/server");
    const { openStore } = await import("@fairlead/cluster/programs/open-store");
    const advertiseAddress = flags["advertise-address"];
    if (advertiseAddress === undefined) throw new UsageError("--advertise-address is missing");
    const securePort = parsePort(flags["secure-port"], "--secure-port");
    const nodePorts = parsePortRange(flags["service-node-port-range"]);
    freezeBuiltins();
    forgetAllocator();
    const log = processLogger();
    const program = startServerProgram({
      // Opened only when the flags are right: a database is made where there is none.
      store: await openStore(flags.store, log),
      pkiFolder: flags["pki-dir"],
      advertiseAddress,
      securePort,
      takesConnections: flags["take-connections"],
      serviceCIDRs: atLeastOne(flags["service-cidr"]),
      podCIDRs: atLeastOne(flags["pod-cidr"]),
      nodePorts,
      clusterDomain: flags["cluster-domain"],
      clusterDNS: flags["cluster-dns"],
      loadBalancer: { addresses: flags["load-balancer-range"], isOn: !flags["no-load-balancer"] },
      log,
      clock: systemClock,
    });
    return await runProgram(program, context.signal, { log });
  },
});

function atLeastOne([first, ...others]: readonly string[]): readonly [string, ...string[]] {
  if (first === undefined) throw new Error("A flag with a default has no value");
  return [first, ...others];
}

function parsePortRange(text: string): { readonly first: number; readonly last: number } {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(text) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last) || Number(last) > 65_535) {
    throw new UsageError(`--service-node-port-range "${text}" must be like 30000-32767`);
  }
  return { first: Number(first), last: Number(last) };
}
