import { existsSync } from "node:fs";
import type { ClusterConfig } from "../../cluster/description/cluster-config.ts";
import { hostAddress, readClusterConfig, writeClusterConfig } from "../../cluster/description/cluster-config.ts";
import { DEFAULT_CLUSTER } from "../../cluster/description/clusters.ts";
import { createCluster } from "../../cluster/description/create-cluster.ts";
import type { StateFolder } from "../../cluster/description/state-folder.ts";
import { stateFolder } from "../../cluster/description/state-folder.ts";
import { checkKubeconfig, contextName, selectContext } from "../../cluster/kubeconfig/kubeconfig-record.ts";
import { readAllManifests } from "../../cluster/manifests/apply-manifests.ts";
import { prepareMachine } from "../../cluster/preflight/prepare-machine.ts";
import { ownProgram } from "../../cluster/program.ts";
import { readRegistries } from "../../cluster/registries/read-registries.ts";
import { isLoopback, type Registries } from "../../cluster/registries/registries.ts";
import { askSupervisor } from "../../cluster/supervisor/control-server.ts";
import { bringUp, completionFile, noteComplete } from "../../cluster/up.ts";
import { ExpectedError } from "../../lib/expected-error.ts";
import type { CommandContext, FlagValues } from "../define-command.ts";
import { defineCommand, UsageError } from "../define-command.ts";
import { parseDuration } from "../duration.ts";
import { parsePort } from "../parse-port.ts";
import { stageLines } from "../stage-lines.ts";

const flags = {
  name: { type: "string", value: "NAME", default: DEFAULT_CLUSTER, help: "Name of the cluster" },
  nodes: {
    type: "string",
    value: "N",
    help: "How many machines; the first is the control plane and a node too (default 1)",
  },
  file: {
    type: "string",
    short: "f",
    value: "PATH",
    multiple: true,
    help: "Manifest file or folder to apply; may be repeated",
  },
  wait: { type: "string", value: "DURATION", default: "5m", help: "How long to wait until the whole works" },
  kubeconfig: { type: "string", value: "FILE", help: "Put the context here (default ~/.kube/config)" },
  "api-port": {
    type: "string",
    value: "PORT",
    help: "The API server's port on 127.0.0.1 (default 6443 or the next free one)",
  },
  "node-cidr": {
    type: "string",
    value: "CIDR",
    help: "Addresses of nodes (default 172.30.0.0/24 or the next free one)",
  },
  "pod-cidr": { type: "string", value: "CIDR", help: "Addresses of pods (default 10.244.0.0/16 or the next free one)" },
  "service-cidr": {
    type: "string",
    value: "CIDR",
    help: "Addresses of Services (default 10.96.0.0/12 or the next free one)",
  },
  "no-host-routes": { type: "boolean", help: "Lay no route from this machine to the cluster" },
  uplink: {
    type: "string",
    value: "KIND",
    help: "How pods reach the world: slirp4netns or none (default slirp4netns)",
  },
  "registry-mirror": {
    type: "string",
    value: "REGISTRY=URL[,only]",
    multiple: true,
    help: "Where to pull a registry's images from first, or only from; may be repeated",
  },
  "registry-config": {
    type: "string",
    value: "FILE",
    help: "Mirrors, certificates and credentials of registries, as in K3s' registries.yaml",
  },
  "no-install": { type: "boolean", help: "Install nothing: list what is missing and stop" },
} as const;

/** `fairlead up`: makes a cluster, and what is in the manifests, and waits until the whole works. */
export const upCommand = defineCommand({
  name: "up",
  summary: "Make a cluster and wait until it works",
  description: [
    "A cluster that is half up, or whose machines are gone after a reboot, is brought up again with what it has stored.",
  ],
  positionals: [],
  flags,
  examples: [
    "fairlead up",
    "fairlead up --nodes 3 -f examples/quote",
    "fairlead up --name second --uplink none",
    "fairlead up --registry-mirror docker.io=http://172.30.0.2:5000",
  ],

  async run({ flags: given }, context) {
    const waitMs = parseDuration(given.wait, "--wait");
    const folder = stateFolder(given.name);
    const reporter = stageLines(context);
    await prepareMachine({ command: "up", install: !given["no-install"], report: reporter.note });
    // What cannot be used is refused before anything is made.
    const manifests = await readAllManifests(given.file);
    await checkKubeconfig(given.kubeconfig);
    const registries = await readRegistries(given["registry-config"], given["registry-mirror"]);
    const config = await clusterToStart(folder, given, registries);
    for (const note of loopbackNotes(config)) reporter.note(note);
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(waitMs)]);
    await bringUp({ folder, config, program: ownProgram(), manifests, signal, reporter });
    const file = await selectContext(folder, config, given.kubeconfig);
    await noteComplete(folder);
    printNextSteps(context, config, file);
    return 0;
  },
});

/** What was described before an interrupted `up` holds; else the flags describe a new cluster. */
async function clusterToStart(
  folder: StateFolder,
  given: FlagValues<typeof flags>,
  registries: Registries | undefined,
): Promise<ClusterConfig> {
  const existing = await readClusterConfig(folder.config);
  if (existing === undefined) {
    return await createCluster(folder, { ...newClusterOptions(given), ...(registries && { registries }) });
  }
  const isUp = existsSync(completionFile(folder)) && (await askSupervisor(folder.supervisorSocket)) !== undefined;
  if (isUp) {
    throw new ExpectedError(
      `The cluster "${folder.name}" is already up: use it with kubectl, take it away with "fairlead down", or make another with --name`,
    );
  }
  if (given.nodes !== undefined && nodeCount(given.nodes) !== existing.nodes.length) {
    throw new ExpectedError(
      `The cluster "${folder.name}" exists with ${existing.nodes.length} nodes: leave --nodes out to start it, or "fairlead down" first`,
    );
  }
  if (registries === undefined) return existing;
  const changed = { ...existing, registries };
  await writeClusterConfig(folder.config, changed);
  return changed;
}

/** Who writes `localhost` mostly means this computer, which the machines have under another name. */
function loopbackNotes(config: ClusterConfig): string[] {
  const endpoints = (config.registries?.mirrors ?? []).flatMap((mirror) => mirror.endpoints);
  return endpoints.filter(isLoopback).map((endpoint) => {
    const address = hostAddress(config);
    return `Note: ${endpoint} is the node itself; this computer is ${address} there`;
  });
}

function newClusterOptions(given: FlagValues<typeof flags>) {
  const { "node-cidr": nodeCIDR, "pod-cidr": podCIDR, "service-cidr": serviceCIDR, "api-port": apiPort } = given;
  const uplink = given.uplink ?? "slirp4netns";
  if (uplink !== "slirp4netns" && uplink !== "none")
    throw new UsageError(`--uplink "${uplink}" must be slirp4netns or none`);
  return {
    nodes: nodeCount(given.nodes ?? "1"),
    ranges: {
      ...(nodeCIDR !== undefined && { nodeCIDR }),
      ...(podCIDR !== undefined && { podCIDR }),
      ...(serviceCIDR !== undefined && { serviceCIDR }),
    },
    ...(apiPort !== undefined && { apiPort: parsePort(apiPort, "--api-port") }),
    hostRoutes: !given["no-host-routes"],
    uplink,
  } as const;
}

function nodeCount(text: string): number {
  if (!/^\d+$/.test(text)) throw new UsageError(`--nodes "${text}" must be a whole number`);
  return Number(text);
}

function printNextSteps(context: CommandContext, config: ClusterConfig, kubeconfig: string): void {
  context.err("");
  context.err(`The cluster "${config.name}" is up: context "${contextName(config.name)}" is selected in ${kubeconfig}`);
  context.err("Try: kubectl get pods -o wide");
  const name = config.name === DEFAULT_CLUSTER ? "" : ` --name ${config.name}`;
  context.err(`     fairlead status${name}, and fairlead down${name} when you are done`);
}
