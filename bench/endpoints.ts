/**
 * How soon a Service follows its pods, in a cluster of two nodes with the real kernel:
 *
 * - ready: from the moment a pod's status is sent to the API server, to the first connection that is answered through the
 *   Service's ClusterIP on another node than the pod's;
 * - gone: from the moment it is sent that the pod is not ready, or that it is deleted, to the first connection on that node
 *   that is refused, with none answered after it.
 *
 * - unhealthy: from the moment a pod answers its readiness probe badly, which its kubelet asks once a second, to the same.
 *
 * A connection is tried as soon as the one before it has ended. No kubelet and no probe's period is in the first two: the
 * status is written by the benchmark, of a pod on a node that has no kubelet, with the address of a pod that serves all the
 * time. Runs as root in namespaces without a way out.
 *
 *     BENCH_ROUNDS=100 BENCH_PROBE_ROUNDS=50 node bench/endpoints.ts
 */
import { once } from "node:events";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { cpus, loadavg } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { podKind } from "../src/api/core/v1/pod/pod.ts";
import type { Client } from "../src/client/client.ts";
import { kubeconfigTransport } from "../src/client/kubeconfig/kubeconfig-transport.ts";
import { createClient } from "../src/client/rest/rest-client.ts";
import { insideLab, type Lab, startLab, until } from "../test/lab/lab.testing.ts";
import { pidOf } from "../test/lab/network/machines.testing.ts";
import { apply, clusterIPOf, ready, webPod, webService } from "../test/lab/network/web-pods.testing.ts";

/** A Node, and a pod on it, without a machine. */
const NOWHERE = "nowhere";
const POD = { namespace: "default", name: NOWHERE };
/** No answer for this long is none. */
const ATTEMPT_MS = 2_000;
/** Rounds that are not counted: programs are still being compiled. */
const WARM_UP = 5;
/** Services besides, of one pod. */
const OTHER_SERVICES = 20;

if (process.argv[2] === "probe") await probe(process.argv[3] ?? "");
else if (insideLab(import.meta.filename))
  await bench(Number(process.env.BENCH_ROUNDS ?? 100), Number(process.env.BENCH_PROBE_ROUNDS ?? 50));

async function bench(rounds: number, probeRounds: number): Promise<void> {
  await using lab = await startLab();
  await lab.fairlead("up", "--nodes", "2", "--uplink", "none", "--wait", "60s");
  const others = Array.from({ length: OTHER_SERVICES }, (_, i) =>
    webService(`other-${i}`, { selector: { app: "other" } }),
  );
  await apply(
    lab,
    webService("web"),
    { apiVersion: "v1", kind: "Node", metadata: { name: NOWHERE } },
    webPod({ name: "serving", labels: { app: "other" }, node: "fairlead-1" }),
    ...others,
  );
  await ready(lab, "serving");
  const podIP = await lab.kubectl("get", "pod", "serving", "-o", "jsonpath={.status.podIP}");
  const client = createClient(await kubeconfigTransport(path.join(lab.home, ".kube/config")));
  const turns = await startProbe(lab, await clusterIPOf(lab, "web"));

  const took = { ready: [] as number[], unready: [] as number[], deleted: [] as number[] };
  const measure = async (what: keyof typeof took, turn: "up" | "down", act: () => Promise<unknown>) => {
    const startedMs = nowMs();
    await act();
    took[what].push((await turns.next(turn)) - startedMs);
  };
  for (let round = 0; round < WARM_UP + rounds; round++) {
    await apply(lab, webPod({ name: NOWHERE, node: NOWHERE }));
    await measure("ready", "up", () => setReady(client, podIP, "True"));
    await measure("unready", "down", () => setReady(client, podIP, "False"));
    await setReady(client, podIP, "True");
    await turns.next("up");
    await measure("deleted", "down", () => client.delete(podKind, POD, { gracePeriodSeconds: 0 }));
  }
  const conditions = `2 nodes, ${OTHER_SERVICES + 3} Services, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`;
  const counted = (what: keyof typeof took) => took[what].slice(WARM_UP);
  print("pod Ready -> first connection answered, by its ClusterIP from another node", counted("ready"), conditions);
  print("pod not Ready -> no connection to it any more", counted("unready"), conditions);
  print("pod gone -> no connection to it any more", counted("deleted"), conditions);
  const unhealthy = await unhealthyPods(lab, probeRounds);
  print("pod unhealthy, probed every second -> no connection to it any more", unhealthy, conditions);
}

/** Milliseconds in which a pod that is no longer healthy, and then is again, leaves its Service. */
async function unhealthyPods(lab: Lab, rounds: number): Promise<readonly number[]> {
  const labels = { app: "moody" };
  const folder = "/var/moody";
  const onHost = `/proc/${await pidOf(lab, "fairlead-1")}/root${folder}`;
  await mkdir(onHost);
  await Promise.all([writeFile(`${onHost}/hostname`, "moody\n"), writeFile(`${onHost}/healthy`, "yes\n")]);
  const probe = { httpGet: { path: "/healthy", port: 80 }, periodSeconds: 1, failureThreshold: 1 };
  await apply(lab, webService("moody", { selector: labels }));
  const turns = await startProbe(lab, await clusterIPOf(lab, "moody"));
  await apply(lab, webPod({ name: "moody", labels, node: "fairlead-1", readinessProbe: probe, serves: folder }));
  const tookMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await turns.next("up");
    // At any moment of the probe's period.
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_000));
    const startedMs = nowMs();
    await rm(`${onHost}/healthy`);
    tookMs.push((await turns.next("down")) - startedMs);
    await writeFile(`${onHost}/healthy`, "yes\n");
  }
  return tookMs;
}

async function setReady(client: Client, podIP: string, ready: "True" | "False"): Promise<void> {
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const conditions = [{ type: "Ready", status: ready, lastTransitionTime }];
  const status = { phase: "Running", podIP, podIPs: [{ ip: podIP }], conditions };
  await client.patch(podKind, POD, "strategic", { status }, { subresource: "status" });
}

/** The times at which the probe saw the Service come and go, one after another. */
interface Turns {
  next(turn: "up" | "down"): Promise<number>;
}

/** The probe runs in the network of the second node, where the pod is not. */
async function startProbe(lab: Lab, address: string): Promise<Turns> {
  const target = String(await pidOf(lab, "fairlead-2"));
  const words = [process.execPath, import.meta.filename, "probe", address];
  const child = lab.start("nsenter", ["--target", target, "--net", ...words]);
  child.stderr?.pipe(process.stderr);
  const seen: { turn: string; atMs: number }[] = [];
  if (child.stdout === null) throw new Error("The probe says nothing");
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    const [turn = "", atMs] = line.split(" ");
    seen.push({ turn, atMs: Number(atMs) });
  });
  await until("the probe to be refused", async () => (seen.shift()?.turn === "down" ? true : undefined));
  return {
    async next(turn) {
      while (seen.length === 0) await once(lines, "line");
      const first = seen.shift();
      // A turn before the status was sent would make all that follow too early.
      if (seen.length > 0 || first?.turn !== turn)
        throw new Error(
          `The Service went ${[first, ...seen].map((s) => s?.turn).join(", ")} when it should have gone ${turn}`,
        );
      return first.atMs;
    },
  };
}

/** Prints when the Service begins to answer (`up`, the time of the answer) and when it ends (`down`, of the attempt). */
async function probe(address: string): Promise<void> {
  let last: boolean | undefined;
  for (;;) {
    const startedMs = nowMs();
    const isAnswered = await attempt(address);
    if (isAnswered !== last) process.stdout.write(isAnswered ? `up ${nowMs()}\n` : `down ${startedMs}\n`);
    last = isAnswered;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function attempt(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 80 });
    const end = (isAnswered: boolean) => {
      resolve(isAnswered);
      socket.destroy();
    };
    socket.setTimeout(ATTEMPT_MS, () => end(false));
    socket.once("error", () => end(false));
    socket.once("connect", () => socket.write("GET /hostname HTTP/1.0\r\n\r\n"));
    socket.once("data", () => end(true));
    socket.once("close", () => end(false));
  });
}

/** The same for all processes of this machine. */
function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function print(what: string, tookMs: readonly number[], conditions: string): void {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1]?.toFixed(1) ?? "-";
  process.stdout.write(
    `${what}: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms, n=${sorted.length}; ${conditions}\n`,
  );
}
