import type { Registries } from "../registries/registries.ts";
import type { ClusterRanges } from "./addresses.ts";
import type { ClusterConfig } from "./cluster-config.ts";
import { DEFAULT_CLUSTER } from "./clusters.ts";

/** What `up` was asked for. What is left out keeps the cluster's value; a new cluster gets the default. */
export interface ClusterWishes extends Partial<ClusterRanges> {
  readonly nodes?: number;
  readonly apiPort?: number;
  readonly hostRoutes?: boolean;
  readonly uplink?: ClusterConfig["uplink"];
  readonly loadBalancer?: boolean;
  readonly registries?: Registries;
}

/** One wish that a cluster does not meet. */
export interface Difference {
  /** As it was typed: `--nodes 3`. */
  readonly wish: string;
  /** The present value: `it has 1`. */
  readonly found: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** How one wish is typed, and what a cluster has in its place. Both are undefined where nothing was asked for. */
interface Comparison {
  readonly flag: string;
  /** The values are secret, or too long for a line: the difference is reported without them. */
  readonly hidesValues?: true;
  readonly wished: (wishes: ClusterWishes) => string | number | undefined;
  readonly found: (config: ClusterConfig) => string | number;
  /** Default: the cluster has to be recreated. */
  readonly remedy?: (wishes: ClusterWishes, config: ClusterConfig) => string;
}

/** One line for each flag of `up` that describes the cluster. */
const COMPARISONS: readonly Comparison[] = [
  { flag: "--nodes", wished: (w) => w.nodes, found: (c) => c.nodes.length, remedy: nodesRemedy },
  { flag: "--api-port", wished: (w) => w.apiPort, found: (c) => c.apiPort },
  { flag: "--node-cidr", wished: (w) => w.nodeCIDRs?.join(), found: (c) => c.nodeCIDRs.join() },
  { flag: "--pod-cidr", wished: (w) => w.podCIDRs?.join(), found: (c) => c.podCIDRs.join() },
  { flag: "--service-cidr", wished: (w) => w.serviceCIDRs?.join(), found: (c) => c.serviceCIDRs.join() },
  { flag: "--no-host-routes", wished: (w) => routes(w.hostRoutes), found: (c) => routes(c.hostRoutes) ?? "" },
  {
    flag: "--no-load-balancer",
    wished: (w) => (w.loadBalancer === false ? "none" : undefined),
    found: (c) => (c.loadBalancer === false ? "none" : "one"),
    remedy: (_wishes, { name }) => `turn it off with: ${aboutCluster("addons disable loadbalancer", name)}`,
  },
  { flag: "--uplink", wished: (w) => w.uplink, found: (c) => c.uplink },
  {
    flag: "--registry-mirror, --registry-config",
    hidesValues: true,
    wished: (w) => w.registries && JSON.stringify(w.registries),
    found: (c) => JSON.stringify(c.registries ?? {}),
  },
];

/** What was asked for and is otherwise in a cluster that exists, in the order of the flags. */
export function differences(config: ClusterConfig, wishes: ClusterWishes): readonly Difference[] {
  return COMPARISONS.flatMap(({ flag, hidesValues, wished, found, remedy = madeAnew }) => {
    const [wish, there] = [wished(wishes), found(config)];
    if (wish === undefined || wish === there) return [];
    const typed = hidesValues || flag.startsWith("--no-") ? flag : `${flag} ${wish}`;
    return [{ wish: typed, found: `it has ${hidesValues ? "others" : there}`, remedy: remedy(wishes, config) }];
  });
}

/** Differences as a message for people, a line for each. */
export function differencesText(config: ClusterConfig, found: readonly Difference[]): string {
  return [
    `The cluster "${config.name}" is not as asked for, and stays unchanged:`,
    ...found.map((difference) => `  ${difference.wish}: ${difference.found}; ${difference.remedy}`),
  ].join("\n");
}

/**
 * What to know before a cluster of another version of the program is used; undefined when it is of this one.
 *
 * @param now - This program's version, and whether the cluster's programs run already.
 */
export function versionNote(
  { name, version }: ClusterConfig,
  now: { readonly version: string; readonly runs: boolean },
): string | undefined {
  if (version === now.version) return undefined;
  const recreate = `for one made by this version: "${aboutCluster("down", name)}", which takes all that is stored, and "${aboutCluster("up", name)}"`;
  return now.runs
    ? `The cluster "${name}" is run by fairlead ${version}, this is ${now.version}: it goes on unchanged; ${recreate}`
    : `The cluster "${name}" is from fairlead ${version}, and is started by ${now.version}; ${recreate}`;
}

/** Returns a command about the cluster for a shell. */
export function aboutCluster(command: string, name: string): string {
  return name === DEFAULT_CLUSTER ? `fairlead ${command}` : `fairlead ${command} --name ${name}`;
}

function madeAnew(_wishes: ClusterWishes, { name }: ClusterConfig): string {
  return `"${aboutCluster("down", name)}" first, and with it all that is stored`;
}

function nodesRemedy({ nodes = 0 }: ClusterWishes, config: ClusterConfig): string {
  return nodes > config.nodes.length
    ? `"${aboutCluster("node add", config.name)}" adds one to the cluster that runs`
    : `"${aboutCluster("node remove NODE", config.name)}" takes one out of the cluster that runs`;
}

function routes(wanted: boolean | undefined): string | undefined {
  return wanted === undefined ? undefined : wanted ? "routes from this machine" : "no routes from this machine";
}
