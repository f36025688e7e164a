import { nodeKind } from "@fairlead/api/core/v1/node/node";
import { podKind } from "@fairlead/api/core/v1/pod/pod";
import type { Client } from "@fairlead/client/client";
import { ifThere } from "@fairlead/client/if-there";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { changeClusterConfig } from "./description/change-cluster-config.ts";
import type { ClusterConfig, NodeConfig } from "./description/cluster-config.ts";
import { nodeConfig } from "./description/cluster-config.ts";
import { aboutCluster } from "./description/compare-wishes.ts";
import { nextNodeProblem } from "./description/create-cluster.ts";
import type { StateFolder } from "./description/state-folder.ts";
import { prepareImages, watchSeeding } from "./image-template/prepare-images.ts";
import { localAdminClient } from "./kubeconfig/local-admin-client.ts";
import { giveImages } from "./node-images.ts";
import { waitForNodes } from "./node-readiness.ts";
import { exclusivelyWithCredentials, prepareCredentials } from "./prepare-credentials.ts";
import { askSupervisor, reloadSupervisor } from "./supervisor/control-server.ts";
import { isComplete, noteComplete, noteIncomplete } from "./up.ts";
import { waitFor } from "./wait-for.ts";

/** Adds one machine to a running cluster. Resolves when its node is Ready. */
export async function addNode(folder: StateFolder, signal: AbortSignal): Promise<NodeConfig> {
  await mustRun(folder);
  const images = await prepareImages();
  const { node, config, wasComplete } = await describeNode(folder);
  await prepareCredentials(folder, config);
  // Other nodes may have no images where an earlier command was killed.
  const nodes = wasComplete ? [node] : config.nodes;
  const has = watchSeeding(folder, nodes, images);
  await reloadSupervisor(folder.supervisorSocket);

  await giveImages({ folder, nodes, archives: images.archives, has, signal });
  const client = await localAdminClient(folder, config);
  await waitForNodes(client, "the node to become Ready", [node.name], signal);
  if (wasComplete) await noteComplete(folder);
  return node;
}

interface DescribedNode {
  readonly node: NodeConfig;
  /** With the node. */
  readonly config: ClusterConfig;
  /** Whether the cluster was, before. */
  readonly wasComplete: boolean;
}

/** Writes one more node into the cluster's description, for which it is incomplete until the node is Ready. */
function describeNode(folder: StateFolder): Promise<DescribedNode> {
  return changeClusterConfig(folder, async (config) => {
    const index = config.nextNodeIndex;
    const problem = nextNodeProblem(config);
    if (problem !== undefined) throw new ExpectedError(`Cannot add a node: ${problem}`);
    const wasComplete = isComplete(folder);
    await noteIncomplete(folder);
    const node = nodeConfig(config.name, config, index);
    return { node, wasComplete, config: { ...config, nodes: [...config.nodes, node], nextNodeIndex: index + 1 } };
  });
}

export interface RemoveNodeOptions {
  readonly name: string;
  /** For a line that says whose end is waited for. */
  report(line: string): void;
  readonly signal: AbortSignal;
}

/** Takes one machine away: its pods get their time to end first. Resolves when nothing of it is left. */
export async function removeNode(
  folder: StateFolder,
  config: ClusterConfig,
  options: RemoveNodeOptions,
): Promise<void> {
  await mustRun(folder);
  const at = config.nodes.findIndex((node) => node.name === options.name);
  if (at === 0)
    throw new ExpectedError(`Cannot remove node "${options.name}": it is the control plane; use "fairlead down"`);
  const client = await localAdminClient(folder, config);
  // Its Node goes last: where only the Node is left, an earlier removal was interrupted.
  if (at < 0 && !(await isRegistered(client, options.name))) {
    const names = config.nodes.map((node) => node.name).join(", ");
    throw new ExpectedError(`Cannot remove node "${options.name}": the nodes are ${names}`);
  }
  if (at > 0) await drain(client, options);
  await exclusivelyWithCredentials(folder, () =>
    changeClusterConfig(folder, async (now) => ({
      config: { ...now, nodes: now.nodes.filter((node) => node.name !== options.name) },
    })),
  );
  await reloadSupervisor(folder.supervisorSocket);
  await ifThere(client.delete(nodeKind, { name: options.name }));
}

async function isRegistered(client: Client, name: string): Promise<boolean> {
  const { items } = await client.list(nodeKind, { fieldSelector: `metadata.name=${name}` });
  return items.length > 0;
}

/** Gives the node no more pods, and deletes those that it has, each with its own time to end. */
async function drain(client: Client, { name, report, signal }: RemoveNodeOptions): Promise<void> {
  await ifThere(client.patch(nodeKind, { name }, "merge", { spec: { unschedulable: true } }));
  const onNode = async () => (await client.list(podKind, { fieldSelector: `spec.nodeName=${name}` })).items;
  for (const pod of await onNode()) {
    await ifThere(client.delete(podKind, { namespace: pod.metadata.namespace, name: pod.metadata.name }));
  }
  const remaining = async () => (await onNode()).map((pod) => pod.metadata.name).join(", ") || undefined;
  const ending = await remaining();
  if (ending !== undefined) report(`Waiting for the pods of ${name} to end: ${ending}`);
  await waitFor("the node's pods to end", remaining, signal);
}

async function mustRun(folder: StateFolder): Promise<void> {
  if ((await askSupervisor(folder.supervisorSocket)) !== undefined) return;
  throw new ExpectedError(
    `The cluster "${folder.name}" is not running: start it with "${aboutCluster("up", folder.name)}"`,
  );
}
