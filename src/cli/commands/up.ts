import { changeClusterConfig } from "@fairlead/cluster/description/change-cluster-config";
import type { ClusterConfig } from "@fairlead/cluster/description/cluster-config";
import { hostAddress, NODES_MAX, readClusterConfig } from "@fairlead/cluster/description/cluster-config";
import { DEFAULT_CLUSTER } from "@fairlead/cluster/description/clusters";
import type { ClusterWishes } from "@fairlead/cluster/description/compare-wishes";
import { aboutCluster, differences, differencesText, versionNote } from "@fairlead/cluster/description/compare-wishes";
import type { NewClusterOptions } from "@fairlead/cluster/description/create-cluster";
import { createCluster } from "@fairlead/cluster/description/create-cluster";
import type { StateFolder } from "@fairlead/cluster/description/state-folder";
import { stateFolder } from "@fairlead/cluster/description/state-folder";
import { renewHostDNS } from "@fairlead/cluster/host-dns/turn-host-dns";
import {
  checkKubeconfig,
  contextName,
  kubeconfigFile,
  selectContext,
} from "@fairlead/cluster/kubeconfig/kubeconfig-record";
import { readAllManifests } from "@fairlead/cluster/manifests/read-manifests";
import { prepareMachine } from "@fairlead/cluster/preflight/prepare-machine";
import { ownProgram } from "@fairlead/cluster/program";
import { readRegistries } from "@fairlead/cluster/registries/read-registries";
import { isLoopback, strayHosts } from "@fairlead/cluster/registries/registries";
import { askSupervisor } from "@fairlead/cluster/supervisor/control-server";
import { bringUp, isComplete, noteComplete } from "@fairlead/cluster/up";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { readVersion } from "@fairlead/lib/version";
import { waitSignal } from "@fairlead/lib/wait-signal";
import type { CommandContext, FlagValues } from "../define-command.ts";
import { defineCommand, UsageError } from "../define-command.ts";
import { parseDuration } from "../duration.ts";
import { parsePort } from "../parse-port.ts";
import { stageLines } from "../stage-lines.ts";

const flags = {
  name: { type: "string", value: "NAME", default: DEFAULT_CLUSTER, source: "clusters", help: "Name of the cluster" },
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
    source: "files",
    help: "Manifest file or folder to apply; may be repeated",
  },
  wait: { type: "string", value: "DURATION", default: "5m", help: "How long to wait until the whole works" },
  kubeconfig: { type: "string", value: "FILE", source: "files", help: "Put the context here (default ~/.kube/config)" },
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
  "no-load-balancer": { type: "boolean", help: "Give Services of type LoadBalancer no addresses at first" },
  uplink: {
    type: "string",
    value: "KIND",
    choices: ["slirp4netns", "none"],
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
    source: "files",
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
    "A cluster that is up stays unchanged: manifests are applied, and a flag that asks for something else is refused.",
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
    const flagged = wishesOf(given);
    const folder = stateFolder(given.name);
    const reporter = stageLines(context);
    await prepareMachine({ command: "up", install: !given["no-install"], report: reporter.note });
    // What cannot be used is refused before anything is made.
    const manifests = await readAllManifests(given.file);
    await checkKubeconfig(given.kubeconfig);
    const registries = await readRegistries(given["registry-config"], given["registry-mirror"]);
    const wishes = { ...flagged, ...(registries && { registries }) };
    const { config, isUp } = await clusterToStart(folder, wishes, reporter.note);
    for (const note of [...loopbackNotes(config), ...portNotes(config)]) reporter.note(note);
    const signal = waitSignal(context.signal, waitMs);
    const answers = () => selectContext(folder, config, given.kubeconfig);
    const { changed } = await bringUp({
      folder,
      config,
      program: ownProgram(),
      manifests,
      isUp,
      answers,
      signal,
      reporter,
    });
    await noteComplete(folder);
    await renewHostDNS(config, reporter.note);
    printNextSteps(context, { config, wasUp: isUp, changed, kubeconfig: await kubeconfigFile(given.kubeconfig) });
    return 0;
  },
});

/** Who writes `localhost` mostly means this computer, which the machines have under another name. */
function loopbackNotes(config: ClusterConfig): string[] {
  const endpoints = (config.registries?.mirrors ?? []).flatMap((mirror) => mirror.endpoints);
  return endpoints.filter(isLoopback).map((endpoint) => {
    const address = hostAddress(config);
    return `Note: ${endpoint} is the node itself; this computer is ${address} there`;
  });
}

/** They may be for a registry of that name: then all is as it should be. */
function portNotes({ registries }: ClusterConfig): string[] {
  const strays = registries === undefined ? [] : strayHosts(registries).filter(({ near }) => near.length > 0);
  return strays.map(
    ({ host, near }) => `Note: configs of ${host} are not for ${near.join(", ")}: the port is another one`,
  );
}

interface ClusterToStart {
  readonly config: ClusterConfig;
  /** It was up as a whole, and its supervisor runs. */
  readonly isUp: boolean;
}

/** Checks an existing cluster against the wishes. Where there is none, the wishes describe a new one. */
async function clusterToStart(
  folder: StateFolder,
  wishes: ClusterWishes,
  note: (line: string) => void,
): Promise<ClusterToStart> {
  const config = await readClusterConfig(folder.config);
  if (config === undefined) return { config: await createCluster(folder, newCluster(wishes)), isUp: false };
  const runs = (await askSupervisor(folder.supervisorSocket)) !== undefined;
  const isUp = runs && isComplete(folder);
  // Registries may change until the whole was up.
  const { registries, ...fixed } = wishes;
  const unmet = differences(config, isUp ? wishes : fixed);
  if (unmet.length > 0) throw new ExpectedError(differencesText(config, unmet));
  const { fairlead: version } = readVersion();
  const aged = versionNote(config, { version, runs });
  if (aged !== undefined) note(aged);
  if (isUp) return { config, isUp };
  // Nodes may be added and removed meanwhile.
  return await changeClusterConfig(folder, async (now) => ({
    config: { ...now, ...(!runs && { version }), ...(registries && { registries }) },
    isUp,
  }));
}

/** What the flags ask for. Flags that were not given ask for nothing. */
function wishesOf(given: FlagValues<typeof flags>): ClusterWishes {
  const { nodes, uplink, "node-cidr": nodeCIDR, "pod-cidr": podCIDR, "service-cidr": serviceCIDR } = given;
  return {
    ...(nodes !== undefined && { nodes: nodeCount(nodes) }),
    ...(given["api-port"] !== undefined && { apiPort: parsePort(given["api-port"], "--api-port") }),
    ...(nodeCIDR !== undefined && { nodeCIDRs: [nodeCIDR] }),
    ...(podCIDR !== undefined && { podCIDRs: [podCIDR] }),
    ...(serviceCIDR !== undefined && { serviceCIDRs: [serviceCIDR] }),
    ...(given["no-host-routes"] && { hostRoutes: false }),
    ...(given["no-load-balancer"] && { loadBalancer: false }),
    ...(uplink !== undefined && { uplink }),
  };
}

function newCluster(wishes: ClusterWishes): NewClusterOptions {
  const { nodes = 1, apiPort, hostRoutes = true, uplink = "slirp4netns", loadBalancer, registries, ...ranges } = wishes;
  const asked = {
    ...(apiPort !== undefined && { apiPort }),
    ...(loadBalancer !== undefined && { loadBalancer }),
    ...(registries && { registries }),
  };
  return { nodes, ranges, hostRoutes, uplink, ...asked };
}

function nodeCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= NODES_MAX) return count;
  throw new UsageError(`--nodes "${text}" must be a whole number from 1 to ${NODES_MAX}`);
}

interface Outcome {
  readonly config: ClusterConfig;
  /** It was up before. */
  readonly wasUp: boolean;
  /** How many objects of the manifests were created or changed. */
  readonly changed: number;
  readonly kubeconfig: string;
}

function printNextSteps(context: CommandContext, { config: { name }, wasUp, changed, kubeconfig }: Outcome): void {
  const objects = changed === 1 ? "1 object was" : `${changed} objects were`;
  const state = !wasUp ? "is up" : changed === 0 ? "is up and unchanged" : `is up, and ${objects} created or changed`;
  context.err("");
  context.err(`The cluster "${name}" ${state}: context "${contextName(name)}" is selected in ${kubeconfig}`);
  context.err("Try: kubectl get pods -o wide");
  context.err(`     ${aboutCluster("status", name)}, and ${aboutCluster("down", name)} when you are done`);
}
