/**
 * What a decision costs for pods with preferred anti-affinity to each other, in milliseconds of CPU, while the cluster fills.
 *
 *     BENCH_NODES=100 BENCH_PODS=5000 node bench/scheduler-affinity.ts
 */
import { cpus, loadavg } from "node:os";
import { schedule } from "../src/scheduler/schedule.ts";
import { node, pod } from "../src/scheduler/state/cluster.testing.ts";
import { factsOf } from "../src/scheduler/state/pod-facts.ts";
import { trackedCluster } from "../src/scheduler/state/tracked-cluster.ts";

const nodes = Number(process.env.BENCH_NODES ?? 100);
const pods = Number(process.env.BENCH_PODS ?? 5_000);
const STEPS = 5;

const tracked = trackedCluster();
for (let i = 0; i < nodes; i++) tracked.setNode(node(`n${i}`, { allocatable: { cpu: "64", pods: "1000" } }));
const labels = { app: "web" };
const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: labels } };
const affinity = {
  podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
};
const others = {
  ...{ servicesOf: () => [], ownerSelectorOf: () => undefined, namespaceLabels: () => ({}) },
  ...{ claim: () => undefined, volume: () => undefined },
};

let startUs = process.cpuUsage().user;
for (let i = 0; i < pods; i++) {
  const newcomer = pod({ name: `p${i}`, labels, affinity });
  const result = schedule(factsOf(newcomer), tracked.state(others, newcomer), { startAt: 0, random: Math.random });
  if (result.node === undefined) throw new Error(`Pod ${i} fits nowhere`);
  tracked.assume(newcomer, result.node.node.metadata.name);
  if ((i + 1) % (pods / STEPS) !== 0) continue;
  const eachMs = (process.cpuUsage().user - startUs) / (pods / STEPS) / 1_000;
  process.stdout.write(
    `${nodes} nodes, up to ${i + 1} pods: ${eachMs.toFixed(2)} ms a decision; ` +
      `${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`,
  );
  startUs = process.cpuUsage().user;
}
