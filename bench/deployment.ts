/**
 * How long pods take: one after another from the request to Ready, and a Deployment of 100 on three nodes from
 * `kubectl apply` to all available. Then how much of the processors' time each program took for the 100.
 *
 * The image is there. Runs in a network namespace without a way out.
 * Usage: `BENCH_PODS=30 BENCH_REPLICAS=100 BENCH_ROUNDS=3 node bench/deployment.ts`, as root. Those are the defaults.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { deploymentKind } from "../src/api/apps/v1/deployment/deployment.ts";
import { podKind } from "../src/api/core/v1/pod/pod.ts";
import type { KubeObject, ResourceReference } from "../src/api/resource-reference.ts";
import type { Client } from "../src/client/client.ts";
import { kubeconfigTransport } from "../src/client/kubeconfig/kubeconfig-transport.ts";
import { createClient } from "../src/client/rest/rest-client.ts";
import { insideLab, type Lab, startLab, until } from "../test/lab/lab.testing.ts";

const NODES = 3;
const IMAGE = "registry.fairlead.local/tools:1";
/** USER_HZ, which Linux counts processors' time in. */
const TICKS_PER_SECOND = 100;
/** A program that does nothing and ends on SIGTERM. */
const container = { name: "idle", image: IMAGE, command: ["sh", "-c", "trap exit TERM; sleep infinity & wait"] };

if (insideLab(import.meta.filename)) {
  const [pods, replicas, rounds] = [
    ["PODS", 30],
    ["REPLICAS", 100],
    ["ROUNDS", 3],
  ].map(([name, standard]) => Number(process.env[`BENCH_${name}`] ?? standard)) as [number, number, number];
  await using lab = await startLab();
  await lab.fairlead("up", "--nodes", String(NODES), "--uplink", "none", "--wait", "60s");
  const client = createClient(await kubeconfigTransport(path.join(lab.home, ".kube/config")));

  const oneMs: number[] = [];
  // The first is not counted: nothing is in any cache then.
  for (let i = 0; i <= pods; i++) oneMs.push(await onePod(client, `one-${i}`));
  print(`One pod after another, ${pods}, create to Ready: seconds, median (p90, max)`);
  print(spread(oneMs.slice(1)));

  print(
    `Deployment of ${replicas} pods on ${NODES} nodes, kubectl apply to all available (first, median, mean): seconds`,
  );
  for (let i = 0; i < rounds; i++) {
    const before = await processorSeconds(lab);
    print(await manyPods(lab, client, replicas));
    const after = await processorSeconds(lab);
    const used = [...after].map(([name, seconds]) => `${name} ${(seconds - (before.get(name) ?? 0)).toFixed(1)}`);
    print(`  processor seconds: ${used.join(", ")}`);
    await lab.kubectl("delete", "deployment", "many");
    await until(
      "the pods to go",
      async () => ((await client.list(podKind, { namespace: "default" })).items.length === 0 ? true : undefined),
      120_000,
    );
  }
}

/** Milliseconds from the request to the watch event in which the pod is Ready. */
async function onePod(client: Client, name: string): Promise<number> {
  const startedAt = performance.now();
  const pod = await client.create(podKind, {
    metadata: { name, namespace: "default" },
    spec: { containers: [container] },
  });
  await watched(
    client,
    podKind,
    pod,
    ({ status }) => status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false,
  );
  const tookMs = performance.now() - startedAt;
  await client.delete(podKind, { namespace: "default", name });
  await until("the pod to go", async () =>
    (await client.list(podKind, { namespace: "default" })).items.length === 0 ? true : undefined,
  );
  return tookMs;
}

/** Seconds from the start of `kubectl apply` to the watch event that all pods are available, and of single pods. */
async function manyPods(lab: Lab, client: Client, replicas: number): Promise<string> {
  const labels = { app: "many" };
  const manifest = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "many", namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
  const startedAt = performance.now();
  const { exitCode, stderr } = await lab.run("kubectl", ["apply", "-f", "-"], { input: JSON.stringify(manifest) });
  if (exitCode !== 0) throw new Error(`kubectl apply: ${stderr}`);
  const applied = await client.get(deploymentKind, { namespace: "default", name: "many" });
  const availableMs: number[] = [];
  await watched(client, deploymentKind, applied, ({ status }) => {
    while (availableMs.length < (status.availableReplicas ?? 0)) availableMs.push(performance.now() - startedAt);
    return status.availableReplicas === replicas;
  });
  const mean = availableMs.reduce((sum, ms) => sum + ms, 0) / replicas;
  const [all, first, median, average] = [
    availableMs.at(-1),
    availableMs[0],
    availableMs[Math.floor(replicas / 2)],
    mean,
  ].map((ms) => ((ms ?? Number.NaN) / 1000).toFixed(2));
  return `${all} (${first}, ${median}, ${average})`;
}

/** Waits until the object is as `isReady` wants it. */
async function watched<T extends KubeObject>(
  client: Client,
  kind: ResourceReference<T>,
  { metadata: { namespace, name, resourceVersion } }: T,
  isReady: (object: T) => boolean,
): Promise<void> {
  const fieldSelector = `metadata.name=${name}`;
  for await (const event of client.watch(kind, { namespace, fieldSelector, resourceVersion, timeoutSeconds: 300 })) {
    if (event.type !== "BOOKMARK" && isReady(event.object)) return;
  }
  throw new Error(`Timed out waiting for ${kind.kind} ${name}`);
}

/** Of the cluster's programs, by role, and of all that they have started. */
async function processorSeconds(lab: Lab): Promise<Map<string, number>> {
  const status = JSON.parse(await lab.fairlead("status", "-o", "json"));
  const programs: { readonly name: string; readonly pid: number }[] = status.supervisor.machines.flatMap(
    (machine: { readonly programs: unknown[] }) => machine.programs,
  );
  const seconds = new Map<string, number>();
  for (const { name, pid } of programs) {
    const fields = (await readFile(`/proc/${pid}/stat`, "utf8"))
      .replace(/^.*\) /, "")
      .split(" ")
      .map(Number);
    // utime, stime, and those of children that have ended.
    const ticks = fields.slice(11, 15).reduce((sum, value) => sum + value, 0);
    const program = name.split("/").at(-1) ?? name;
    seconds.set(program, (seconds.get(program) ?? 0) + ticks / TICKS_PER_SECOND);
  }
  return seconds;
}

function spread(valuesMs: readonly number[]): string {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const at = (share: number) => ((sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN) / 1000).toFixed(2);
  return `${at(0.5)} (${at(0.9)}, ${at(1)})`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
