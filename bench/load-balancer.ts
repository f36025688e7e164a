/**
 * How long a Service of type LoadBalancer waits for its address, and for the first answer there, on three nodes: 50 Services made one
 * after another, in front of three pods. Beside it, the same for a ClusterIP, which no node has to be chosen for, and a round trip
 * to the API server. Then how long the address is not answered when the node that answers for it loses its network, five times.
 *
 * The client is the host of the cluster; it opens a connection every 2 ms until one is answered. Runs in a network namespace
 * without a way out. Usage: `node bench/load-balancer.ts`, as root.
 */
import { get } from "node:http";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { configMapKind } from "../src/api/core/v1/configmap/configmap.ts";
import { type Service, serviceKind } from "../src/api/core/v1/service/service.ts";
import type { Client } from "../src/client/client.ts";
import { kubeconfigTransport } from "../src/client/kubeconfig/kubeconfig-transport.ts";
import { createClient } from "../src/client/rest/rest-client.ts";
import { insideLab, type Lab, startLab, until } from "../test/lab/lab.testing.ts";
import { onMachine } from "../test/lab/network/machines.testing.ts";
import { percentile } from "./measure/percentile.ts";

const SERVICES = 50;
const CUTS = 5;
const ASK_EVERY_MS = 2;
/** What is not answered within this time is asked again: an address that leads nowhere yet drops what comes. */
const TIMEOUT_MS = 30;
const NAMESPACE = "default";
const SETTLE_MS = 5_000;

if (insideLab(import.meta.filename)) {
  await using lab = await startLab();
  const example = path.resolve(import.meta.dirname, "../examples/quote");
  await lab.fairlead("up", "--nodes", "3", "-f", example, "--uplink", "none");
  const transport = await kubeconfigTransport(path.join(lab.home, ".kube/config"));
  const client = createClient(transport);
  await pause(SETTLE_MS);
  await measureAddresses(client);
  await measureTakeover(lab, client);
  await transport.close();
  await lab.fairlead("down");
}

async function measureAddresses(client: Client): Promise<void> {
  const [trips, addresses, answers, clusterIPs]: number[][] = [[], [], [], []];
  for (let i = 0; i < SERVICES; i++) {
    const beforeMs = performance.now();
    await client.create(configMapKind, { metadata: { namespace: NAMESPACE, name: `c${i}` } });
    trips?.push(performance.now() - beforeMs);

    const balanced = await makeService(client, `b${i}`, "LoadBalancer");
    const ip = await addressOf(client, balanced.name);
    addresses?.push(performance.now() - balanced.sinceMs);
    await untilAnswered(ip);
    answers?.push(performance.now() - balanced.sinceMs);

    const plain = await makeService(client, `p${i}`, "ClusterIP");
    await untilAnswered(plain.service.spec.clusterIP ?? "");
    clusterIPs?.push(performance.now() - plain.sinceMs);
  }
  print(`${SERVICES} Services, milliseconds since the request   median    p99`);
  line("round trip: a ConfigMap", trips);
  line("ClusterIP: first answer", clusterIPs);
  line("load balancer: address", addresses);
  line("load balancer: first answer", answers);
}

async function measureTakeover(lab: Lab, client: Client): Promise<void> {
  const ip = await addressOf(client, "b0");
  const gaps: number[] = [];
  for (let i = 0; i < CUTS; i++) {
    const owner = await ownerOf(lab, "b0");
    await untilAnswered(ip);
    await onMachine(lab, owner, "ip link set eth0 down");
    const sinceMs = performance.now();
    await untilAnswered(ip);
    gaps.push(performance.now() - sinceMs);
    await onMachine(lab, owner, "ip link set eth0 up");
    // Its route goes with the link.
    await lab.fairlead("up", "--uplink", "none");
    await pause(SETTLE_MS);
  }
  print(
    `the node that answers loses its network, ${CUTS} times: not answered for ${gaps.map((gap) => gap.toFixed(0)).join(", ")} ms`,
  );
}

interface Made {
  readonly name: string;
  readonly service: Service;
  readonly sinceMs: number;
}

async function makeService(client: Client, name: string, type: "LoadBalancer" | "ClusterIP"): Promise<Made> {
  const sinceMs = performance.now();
  const spec = { type, selector: { app: "quote" }, ports: [{ port: 80 }] };
  const service = await client.create(serviceKind, { metadata: { namespace: NAMESPACE, name }, spec });
  return { name, service, sinceMs };
}

async function addressOf(client: Client, name: string): Promise<string> {
  for (;;) {
    const { status } = await client.get(serviceKind, { namespace: NAMESPACE, name });
    const ip = status.loadBalancer?.ingress?.[0]?.ip;
    if (ip !== undefined) return ip;
    await pause(ASK_EVERY_MS);
  }
}

async function ownerOf(lab: Lab, service: string): Promise<string> {
  const path = `jsonpath={.items[?(@.status.serviceName=="${service}")].status.node}`;
  return await until("a node to answer for it", async () => {
    const node = await lab.kubectl("get", "servicel2statuses", "-n", "metallb-system", "-o", path);
    return node !== "" && !node.includes(" ") ? node : undefined;
  });
}

async function untilAnswered(ip: string): Promise<void> {
  while (!(await isAnswered(ip))) await pause(ASK_EVERY_MS);
}

function isAnswered(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host, path: "/", agent: false, timeout: TIMEOUT_MS }, (response) => {
      response.resume();
      response.once("end", () => resolve(response.statusCode === 200)).once("error", () => resolve(false));
    });
    request.once("timeout", () => request.destroy()).once("error", () => resolve(false));
  });
}

function line(name: string, values: readonly number[] = []): void {
  const [median, most] = [percentile(values, 0.5), percentile(values, 0.99)];
  print(`${name.padEnd(42)} ${median.toFixed(1).padStart(9)} ${most.toFixed(1).padStart(6)}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
