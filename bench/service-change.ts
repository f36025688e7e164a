/**
 * What one more Service costs a cluster of three nodes: processor time of each program, for each of 150 Services with four
 * endpoints that are made one after another, beside yardsticks of the same run.
 *
 * Runs in a network namespace without a way out. Usage: `node bench/service-change.ts`, as root.
 */
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { serviceKind } from "../src/api/core/v1/service/service.ts";
import { kubeconfigTransport } from "../src/client/kubeconfig/kubeconfig-transport.ts";
import { createClient } from "../src/client/rest/rest-client.ts";
import { insideLab, startLab } from "../test/lab/lab.testing.ts";
import { labProcesses, usedBetween } from "./measure/processor-time.ts";
import { YARDSTICKS } from "./measure/yardsticks.ts";

const SERVICES = 150;
/** Between two Services: each is written to the kernel before the next one comes. */
const PAUSE_MS = 60;
/** What the start leaves to do is done then. */
const SETTLE_MS = 5_000;
/** Programs that use less for a Service are not listed, in milliseconds. */
const LISTED_MS = 0.2;

if (insideLab(import.meta.filename)) {
  await using lab = await startLab();
  for (const [name, measure] of Object.entries(YARDSTICKS))
    line(`Yardstick: ${name}`, (await measure(lab)).processorSeconds * 1000);
  const example = path.resolve(import.meta.dirname, "../examples/quote");
  await lab.fairlead("up", "--nodes", "3", "-f", example, "--uplink", "none");
  const transport = await kubeconfigTransport(path.join(lab.home, ".kube/config"));
  const client = createClient(transport);
  await pause(SETTLE_MS);
  const before = await labProcesses();
  for (let i = 0; i < SERVICES; i++) {
    const spec = { selector: { app: "quote" }, ports: [{ port: 80 }] };
    await client.create(serviceKind, { metadata: { namespace: "default", name: `s${i}` }, spec });
    await pause(PAUSE_MS);
  }
  await pause(SETTLE_MS);
  print(`for each of ${SERVICES} Services, on three nodes together:`);
  for (const { name, seconds } of usedBetween(before, await labProcesses())) {
    const milliseconds = (seconds * 1000) / SERVICES;
    if (milliseconds >= LISTED_MS) line(name, milliseconds);
  }
  await transport.close();
  await lab.fairlead("down");
}

function line(name: string, milliseconds: number): void {
  print(`${name.padEnd(32)} ${milliseconds.toFixed(1)} ms of a processor`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
