import { forgetAllocator } from "@fairlead/lib/allocator";
import { systemClock } from "@fairlead/lib/clock";
import { freezeBuiltins } from "@fairlead/lib/freeze-builtins";
import { defineCommand, UsageError } from "../define-command.ts";
import { processLogger, runProgram } from "../long-running.ts";

/** `fairlead run node`: what makes a machine a node. */
export const nodeCommand = defineCommand({
  name: "run node",
  summary: "Run a node: kubelet, pod network, service proxy",
  positionals: [],
  flags: {
    "node-name": { type: "string", value: "NAME", help: "Name of the Node object" },
    "node-ip": {
      type: "string",
      value: "IP",
      multiple: true,
      help: "Address of this machine, as long as it has it; may be repeated",
    },
    credentials: {
      type: "string",
      value: "FOLDER",
      source: "folders",
      default: "/etc/fairlead",
      help: "kubeconfig files and the server certificate",
    },
    "container-runtime-endpoint": {
      type: "string",
      value: "URL",
      default: "unix:///run/containerd/containerd.sock",
      help: "The CRI socket",
    },
    "root-dir": {
      type: "string",
      value: "FOLDER",
      source: "folders",
      default: "/var/lib/kubelet",
      help: "Volumes and files of pods",
    },
    "pod-logs-dir": {
      type: "string",
      value: "FOLDER",
      source: "folders",
      default: "/var/log/pods",
      help: "Log files of containers",
    },
    "cni-conf-dir": {
      type: "string",
      value: "FOLDER",
      source: "folders",
      default: "/etc/cni/net.d",
      help: "Where the runtime looks for networks",
    },
    "ipam-dir": {
      type: "string",
      value: "FOLDER",
      source: "folders",
      default: "/var/lib/cni/fairlead",
      help: "Where pods' addresses are written down",
    },
    "cluster-dns": { type: "string", value: "IP", multiple: true, help: "Address of the cluster's DNS" },
    "cluster-domain": {
      type: "string",
      value: "DOMAIN",
      default: "cluster.local",
      help: "What Service names end with",
    },
    "service-cidr": { type: "string", value: "CIDR", multiple: true, help: "Addresses of Services" },
    "cgroup-parent": { type: "string", value: "CGROUP", default: "/kubepods", help: "The cgroup of all pods" },
    "node-labels": { type: "string", value: "NAME=VALUE", multiple: true, help: "Label of the Node; may be repeated" },
    "owns-machine": { type: "boolean", help: "May change settings of the machine's network" },
  },
  examples: [
    "fairlead run node --node-name worker-1 --node-ip 192.0.2.11 --cluster-dns 10.96.0.10 --service-cidr 10.96.0.0/12",
  ],

  async run({ flags }, context) {
    // Loaded only here: other commands start faster without it.
    const { startNodeProgram } = await import("@fairlead/cluster/programs/node");
    const nodeName = flags["node-name"];
    if (nodeName === undefined) throw new UsageError("--node-name is missing");
    if (flags["node-ip"].length === 0) throw new UsageError("--node-ip is missing");
    freezeBuiltins();
    forgetAllocator();
    const log = processLogger();
    const program = startNodeProgram({
      nodeName,
      nodeIPs: flags["node-ip"],
      credentialsFolder: flags.credentials,
      runtimeSocket: socketPath(flags["container-runtime-endpoint"]),
      rootDir: flags["root-dir"],
      podLogsDir: flags["pod-logs-dir"],
      cniConfigDir: flags["cni-conf-dir"],
      ipamDataDir: flags["ipam-dir"],
      clusterDNS: flags["cluster-dns"],
      clusterDomain: flags["cluster-domain"],
      serviceCIDRs: flags["service-cidr"],
      cgroupParent: flags["cgroup-parent"],
      ownsMachine: flags["owns-machine"],
      labels: Object.fromEntries(flags["node-labels"].map(parseLabel)),
      log,
      clock: systemClock,
    });
    return await runProgram(program, context.signal, { log, dropsCode: true });
  },
});

function socketPath(endpoint: string): string {
  if (!endpoint.startsWith("unix:///")) {
    throw new UsageError(
      `--container-runtime-endpoint "${endpoint}" must be like unix:///run/containerd/containerd.sock`,
    );
  }
  return endpoint.slice("unix://".length);
}

function parseLabel(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`--node-labels "${text}" must be like NAME=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}
