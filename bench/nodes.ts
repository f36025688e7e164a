/**
 * How long a control plane takes to bring many pods on many nodes to Ready: 8,000 pods on 400 nodes, as 20 Deployments of 400 and
 * as one Deployment of 8,000.
 *
 * The server is the program that `fairlead up` runs, on an empty SQLite store. The kubelets are real ones, in a second process,
 * with their own certificates and HTTPS connections; their pods exist only in the API. On two cores the processes compete. Each
 * row has a server and kubelets of its own. The yardstick is the processor seconds of 20,000 times parsing and writing one pod's
 * JSON.
 *
 * Runs as root in namespaces without a way out. Exit code 1: a process ended, or the pods were not Ready in time.
 *
 *     node bench/nodes.ts [--nodes 400] [--pods 8000] [--deployments 20,1] [--services] [--folder FOLDER]
 *
 * With `--services`, each Deployment has a Service. `--nodes 20 --pods 400 --deployments 2` takes some seconds.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { deploymentKind } from "../src/api/apps/v1/deployment/deployment.ts";
import { conditionOf } from "../src/api/condition-of.ts";
import { nodeKind } from "../src/api/core/v1/node/node.ts";
import { serviceKind } from "../src/api/core/v1/service/service.ts";
import type { Client } from "../src/client/client.ts";
import { createClient } from "../src/client/rest/rest-client.ts";
import { createHttpsTransport } from "../src/client/transport/https-transport.ts";
import { testClusterConfig } from "../src/cluster/cluster.testing.ts";
import { API_SECURE_PORT } from "../src/cluster/description/cluster-config.ts";
import { ensureClusterPki } from "../src/cluster/pki/ensure-cluster-pki.ts";
import { adminAccess } from "./measure/admin-access.ts";
import { jsonYardstick } from "./measure/json-yardstick.ts";
import { measureStart } from "./measure/measure-start.ts";
import { issueNodes, startKubeletsProcess } from "./measure/nodes/kubelets-process.ts";
import { POD_CIDR } from "./measure/objects/placement.ts";
import { podLabels, templateSpec } from "./measure/objects/pod-spec.ts";
import { startServerProcess } from "./measure/server-process.ts";
import { wordsInside } from "./measure/words-inside.ts";

const START_TIMEOUT_MS = 60_000;
/** Longest time until all nodes, and then all pods, are Ready, in milliseconds. */
const READY_TIMEOUT_MS = 600_000;
const POLL_MS = 200;
/** Longest time that all of it may take, in milliseconds. */
const TIMEOUT_MS = 1_800_000;
const NAMESPACE = "default";
const root = path.resolve(import.meta.dirname, "..");

const words = wordsInside(import.meta.filename, {
  variable: "FAIRLEAD_BENCH_NODES",
  timeoutMs: TIMEOUT_MS,
  check: settingsOf,
});
if (words !== undefined) await bench(settingsOf(words));

interface Settings {
  readonly nodes: number;
  readonly pods: number;
  /** Number of Deployments of each row. */
  readonly deployments: readonly number[];
  readonly services: boolean;
  readonly folder: string;
}

function settingsOf(words: string[]): Settings {
  const { values } = parseArgs({
    args: words,
    options: {
      nodes: { type: "string", default: "400" },
      pods: { type: "string", default: "8000" },
      deployments: { type: "string", default: "20,1" },
      services: { type: "boolean", default: false },
      folder: { type: "string", default: tmpdir() },
    },
  });
  const { nodes, pods, deployments, services, folder } = values;
  return {
    ...{ nodes: Number(nodes), pods: Number(pods), services, folder },
    deployments: deployments.split(",").map(Number),
  };
}

async function bench(settings: Settings): Promise<void> {
  print(`yardstick: ${jsonYardstick().toFixed(2)} CPU s; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`);
  for (const deployments of settings.deployments) {
    const folder = await mkdtemp(path.join(settings.folder, "bench-nodes-"));
    try {
      await measureRow(settings, deployments, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  print(`yardstick again: ${jsonYardstick().toFixed(2)} CPU s`);
}

async function measureRow({ nodes, pods, services }: Settings, deployments: number, folder: string): Promise<void> {
  const config = testClusterConfig({ podCIDRs: [POD_CIDR] });
  const pkiFolder = path.join(folder, "pki");
  await ensureClusterPki(pkiFolder, config, new Date());
  const access = await adminAccess(pkiFolder, `https://127.0.0.1:${API_SECURE_PORT}`);
  const { server: url, ca, cert: clientCertificate, key: clientKey } = access;
  const transport = createHttpsTransport({ server: url, ca, clientCertificate, clientKey });
  const client = createClient(transport);

  await using server = startServerProcess({ root, config, storeFile: path.join(folder, "state.db"), pkiFolder });
  await measureStart({ server, access, timeoutMs: START_TIMEOUT_MS, onReady: () => {} });
  await using kubelets = await startKubeletsProcess({ server: url, ca, nodes: await issueNodes(pkiFolder, nodes) });
  const failed = Promise.race([server.ended, kubelets.ended]);
  await Promise.race([untilNodesReady(client, nodes), failed]);

  const before = [await server.seconds(), await kubelets.seconds()] as const;
  const startMs = performance.now();
  const each = Math.ceil(pods / deployments);
  await createAll(client, { deployments, replicas: each, services });
  await Promise.race([untilPodsReady(client, each * deployments), failed]);
  const seconds = (performance.now() - startMs) / 1000;
  const after = [await server.seconds(), await kubelets.seconds()] as const;
  const used = [after[0] - before[0], after[1] - before[1]] as const;
  print(
    `${nodes} nodes, ${deployments} ${deployments === 1 ? "Deployment" : "Deployments"} of ${each}${services ? " with a Service each" : ""}: ` +
      `${seconds.toFixed(1)} s until Ready; CPU s: server ${used[0].toFixed(1)}, kubelets ${used[1].toFixed(1)}; ` +
      `${((used[0] / pods) * 1000).toFixed(1)} and ${((used[1] / pods) * 1000).toFixed(1)} ms a pod`,
  );
  await transport.close();
}

async function createAll(
  client: Client,
  { deployments, replicas, services }: { deployments: number; replicas: number; services: boolean },
): Promise<void> {
  for (let number = 0; number < deployments; number++) {
    const name = `web-${number}`;
    const labels = podLabels(name);
    const template = { metadata: { labels }, spec: templateSpec() };
    const metadata = { namespace: NAMESPACE, name };
    if (services) await client.create(serviceKind, { metadata, spec: { selector: labels, ports: [{ port: 80 }] } });
    await client.create(deploymentKind, { metadata, spec: { replicas, selector: { matchLabels: labels }, template } });
  }
}

async function untilNodesReady(client: Client, wanted: number): Promise<void> {
  await until("the nodes", async () => {
    const { items } = await client.list(nodeKind);
    const isReady = (node: (typeof items)[number]) =>
      conditionOf(node.status.conditions, "Ready")?.status === "True" && (node.spec.taints ?? []).length === 0;
    return { ready: items.filter(isReady).length, wanted };
  });
}

async function untilPodsReady(client: Client, wanted: number): Promise<void> {
  await until("the pods", async () => {
    const { items } = await client.list(deploymentKind, { namespace: NAMESPACE });
    return { ready: items.reduce((sum, { status }) => sum + (status.readyReplicas ?? 0), 0), wanted };
  });
}

async function until(what: string, look: () => Promise<{ ready: number; wanted: number }>): Promise<void> {
  const endMs = performance.now() + READY_TIMEOUT_MS;
  for (;;) {
    const { ready, wanted } = await look();
    if (ready >= wanted) return;
    if (performance.now() > endMs) throw new Error(`Timed out waiting for ${what}: ${ready} of ${wanted} are Ready`);
    await pause(POLL_MS);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
