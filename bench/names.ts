/**
 * How soon the cluster's DNS answers what the API says: 100 Services made and deleted one after another on three nodes, and a headless
 * one whose only endpoint changes. Milliseconds from the answer of the API server until the first of ten right answers in a row, to
 * questions from the host, one after another, over new sockets: each goes to the server that the first node's rules choose.
 *
 * Runs in a network namespace without a way out. Usage: `node bench/names.ts`, as root.
 */
import { Resolver } from "node:dns/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { serviceKind } from "../src/api/core/v1/service/service.ts";
import { endpointSliceKind } from "../src/api/discovery/v1/endpointslice/endpointslice.ts";
import type { Client } from "../src/client/client.ts";
import { kubeconfigTransport } from "../src/client/kubeconfig/kubeconfig-transport.ts";
import { createClient } from "../src/client/rest/rest-client.ts";
import { insideLab, startLab } from "../test/lab/lab.testing.ts";
import { percentile } from "./measure/percentile.ts";

const CHANGES = 100;
const SERVER = "10.96.0.10";
const NAMESPACE = "default";
/** So many answers in a row have to be right: another server may know it later. */
const IN_A_ROW = 10;
const SETTLE_MS = 5_000;

if (insideLab(import.meta.filename)) {
  await using lab = await startLab();
  await lab.fairlead("up", "--nodes", "3", "--uplink", "none");
  const transport = await kubeconfigTransport(path.join(lab.home, ".kube/config"));
  const client = createClient(transport);
  await pause(SETTLE_MS);
  print(`${CHANGES} changes, milliseconds until ${IN_A_ROW} right answers in a row began   median    p99`);
  await measureServices(client);
  await measureEndpoint(client);
  await transport.close();
  await lab.fairlead("down");
}

async function measureServices(client: Client): Promise<void> {
  const made: number[] = [];
  const deleted: number[] = [];
  for (let i = 0; i < CHANGES; i++) {
    const metadata = { namespace: NAMESPACE, name: `s${i}` };
    const service = await client.create(serviceKind, { metadata, spec: { ports: [{ port: 80 }] } });
    made.push(await untilAnswered(metadata.name, service.spec.clusterIP ?? ""));
    await client.delete(serviceKind, metadata);
    deleted.push(await untilAnswered(metadata.name, ""));
  }
  line("a Service is made", made);
  line("a Service is deleted", deleted);
}

async function measureEndpoint(client: Client): Promise<void> {
  const metadata = { namespace: NAMESPACE, name: "headless" };
  await client.create(serviceKind, { metadata, spec: { clusterIP: "None", ports: [{ port: 80 }] } });
  const slice = { metadata: { ...metadata, labels: { "kubernetes.io/service-name": metadata.name } } };
  const endpoints = (n: number) => [{ addresses: [`192.0.2.${n}`], conditions: { ready: true } }];
  await client.create(endpointSliceKind, {
    ...slice,
    addressType: "IPv4",
    endpoints: endpoints(250),
    ports: [{ port: 80 }],
  });
  const changed: number[] = [];
  for (let i = 1; i <= CHANGES; i++) {
    await client.patch(endpointSliceKind, metadata, "merge", { endpoints: endpoints(i) });
    changed.push(await untilAnswered(metadata.name, `192.0.2.${i}`));
  }
  line("an endpoint of a headless Service changes", changed);
}

/** Returns how long it took until the answers began to be right. Empty: the name does not exist. */
async function untilAnswered(name: string, address: string): Promise<number> {
  const startMs = performance.now();
  let rightSinceMs: number | undefined;
  for (let right = 0; right < IN_A_ROW; ) {
    const askedMs = performance.now();
    const isRight = (await ask(`${name}.${NAMESPACE}.svc.cluster.local`)) === address;
    right = isRight ? right + 1 : 0;
    if (!isRight) rightSinceMs = undefined;
    else rightSinceMs ??= askedMs;
  }
  return (rightSinceMs ?? startMs) - startMs;
}

async function ask(name: string): Promise<string> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([SERVER]);
  return await resolver.resolve4(name).then(
    (addresses) => addresses.join(" "),
    (error: NodeJS.ErrnoException) => (error.code === "ENOTFOUND" ? "" : String(error.code)),
  );
}

function line(name: string, values: readonly number[]): void {
  const [median, most] = [percentile(values, 0.5), percentile(values, 0.99)];
  print(`${name.padEnd(66)} ${median.toFixed(1).padStart(6)} ${most.toFixed(1).padStart(6)}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
