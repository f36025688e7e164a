/**
 * What a control plane with many objects costs: 150,000 pods of 4.9 kB, as a Deployment's running pods are stored, on 1,000
 * nodes and in 100 namespaces. The server is the program that `fairlead up` runs, on a store that was filled before.
 *
 * - start, from the process's start until `/readyz` and until everything has started, and its memory then and after a minute;
 * - events, at 1 and at 50 watches of all pods, while 16 writers change pods at full speed;
 * - pages, a list of all pods in pages of 500, with a write after each;
 * - small reads, one pod every 20 ms, while four clients list all pods without a limit.
 *
 * Nodes renew their leases meanwhile, 100 a second, as their kubelets do. ReplicaSets of 50 pods have no Deployment. Watches
 * and lists are read by a thread of this process: on two cores it competes with the server. The yardstick is the processor
 * seconds of 20,000 times parsing and writing one pod's JSON, before and after.
 *
 * Runs as root in namespaces without a way out. Exit code 1: the server ended, or did not answer in time.
 *
 *     node bench/objects.ts [--pods 150000] [--seconds 10] [--idle 60] [--folder FOLDER]
 *
 * `--pods 5000 --seconds 2 --idle 5` takes half a minute. The folder, by default the one for temporary files, needs 2 GB.
 */
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { conditionOf } from "../src/api/condition-of.ts";
import type { Node } from "../src/api/core/v1/node/node.ts";
import { testClusterConfig } from "../src/cluster/cluster.testing.ts";
import { API_SECURE_PORT } from "../src/cluster/description/cluster-config.ts";
import { ensureClusterPki } from "../src/cluster/pki/ensure-cluster-pki.ts";
import { adminAccess } from "./measure/admin-access.ts";
import { type Access, ask, openConnection } from "./measure/connection.ts";
import { inOwnFolder } from "./measure/in-own-folder.ts";
import { jsonYardstick } from "./measure/json-yardstick.ts";
import { measurePages } from "./measure/measure-pages.ts";
import { measureSmallReads } from "./measure/measure-small-reads.ts";
import { measureStart } from "./measure/measure-start.ts";
import { fillStore } from "./measure/objects/fill-store.ts";
import { startHeartbeats } from "./measure/objects/heartbeats.ts";
import { measureEvents } from "./measure/objects/measure-events.ts";
import { type Placement, POD_CIDR, placementOf } from "./measure/objects/placement.ts";
import { podPath, writePod } from "./measure/objects/write-pod.ts";
import { type ServerMemory, type ServerProcess, startServerProcess } from "./measure/server-process.ts";
import { wordsInside } from "./measure/words-inside.ts";

const WATCHES = [1, 50];
const LISTING_CLIENTS = 4;
const START_TIMEOUT_MS = 300_000;
/** Longest time that all of it may take, in milliseconds. */
const TIMEOUT_MS = 1_200_000;
const root = path.resolve(import.meta.dirname, "..");

const words = wordsInside(import.meta.filename, {
  variable: "FAIRLEAD_BENCH_OBJECTS",
  timeoutMs: TIMEOUT_MS,
  check: settingsOf,
});
if (words !== undefined) process.exit(await bench(settingsOf(words)));

interface Settings {
  readonly pods: number;
  readonly seconds: number;
  readonly idleSeconds: number;
  readonly folder: string;
}

function settingsOf(words: string[]): Settings {
  const { values } = parseArgs({
    args: words,
    options: {
      pods: { type: "string", default: "150000" },
      seconds: { type: "string", default: "10" },
      idle: { type: "string", default: "60" },
      folder: { type: "string", default: tmpdir() },
    },
  });
  const { pods, seconds, idle, folder } = values;
  return { pods: Number(pods), seconds: Number(seconds), idleSeconds: Number(idle), folder };
}

/** Measures in a folder that it removes, and answers the exit code. */
async function bench(settings: Settings): Promise<number> {
  return await inOwnFolder({ parent: settings.folder, name: "bench-objects-" }, (folder, interrupted) =>
    measureAll(settings, folder, interrupted),
  );
}

async function measureAll(settings: Settings, folder: string, interrupted: Promise<never>): Promise<void> {
  const config = testClusterConfig({ podCIDRs: [POD_CIDR] });
  const pkiFolder = path.join(folder, "pki");
  await ensureClusterPki(pkiFolder, config, new Date());
  const access = await adminAccess(pkiFolder, `https://127.0.0.1:${API_SECURE_PORT}`);
  const placement = placementOf(settings.pods);
  figure("yardstick: 20,000 pods parsed and written", [jsonYardstick(), "CPU s"]);
  const storeFile = path.join(folder, "state.db");
  const filled = await Promise.race([fillStore(storeFile, placement, access.ca), interrupted]);
  figure("fill the store", [filled.seconds, "s"], [filled.fileMiB, "MiB"], [filled.podBytes, "bytes a pod"]);

  await using server = startServerProcess({ root, config, storeFile, pkiFolder });
  await Promise.race([measureServer(settings, { server, access, placement }), server.ended, interrupted]);
  figure("yardstick again", [jsonYardstick(), "CPU s"]);
  process.stdout.write(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`);
}

interface Measured {
  readonly server: ServerProcess;
  readonly access: Access;
  readonly placement: Placement;
}

async function measureServer({ seconds, idleSeconds }: Settings, measured: Measured): Promise<void> {
  const { server, access, placement } = measured;
  const onReady = (readySeconds: number) => figure("start: until /readyz", [readySeconds, "s"]);
  const start = await measureStart({ server, access, timeoutMs: START_TIMEOUT_MS, onReady });
  figure("start: until everything has started", [start.startedSeconds, "s"], [start.processorSeconds, "CPU s"]);
  memoryFigure("memory: started", start.memory);
  await using heartbeats = await startHeartbeats(access);
  const before = await server.seconds();
  await pause(idleSeconds * 1000);
  memoryFigure(`memory: ${idleSeconds} s later`, await server.memory());
  figure("processor meanwhile, leases of nodes alone", [((await server.seconds()) - before) / idleSeconds, "CPU s/s"]);
  for (const watches of WATCHES) await eventFigures(measured, watches, seconds);

  const pages = await measurePages({
    ...{ access, path: "/api/v1/pods", objects: placement.pods, serverSeconds: server.seconds },
    write: (session, number) => writePod(session, placement, number),
  });
  const worst = [pages.worstMs, "ms the worst page"] as const;
  figure(`list in ${pages.pages} pages`, [pages.seconds, "s"], [pages.processorSeconds, "CPU s"], worst);

  const reads = await measureSmallReads({
    ...{ access, listPath: "/api/v1/pods", clients: LISTING_CLIENTS, seconds },
    readPath: (number) => podPath(placement, number),
  });
  const times = [reads.medianMs, reads.p99Ms, reads.maxMs].map((ms) => [ms, "ms"] as const);
  figure(`small read beside ${LISTING_CLIENTS} lists: p50, p99, max`, ...times);
  figure("lists meanwhile", [reads.lists, "whole"], [reads.listedMiBPerSecond, "MiB/s"]);
  memoryFigure("memory: at the end", await server.memory());
  if (heartbeats.failed() > 0) figure("leases not renewed", [heartbeats.failed(), "times"]);
  await assertUndisturbed(access);
}

async function eventFigures({ server, access, placement }: Measured, watches: number, seconds: number): Promise<void> {
  const events = await measureEvents({ access, placement, watches, seconds, serverSeconds: server.seconds });
  const name = watches === 1 ? "1 watch" : `${watches} watches`;
  figure(`${name}: writes`, [events.writesPerSecond, "/s"], [events.secondsPer1000, "CPU s for 1,000"]);
  figure(`${name}: events`, [events.eventsPerSecond, "/s"]);
  figure(`${name}: write to event, p50, p99`, [events.medianMs, "ms"], [events.p99Ms, "ms"]);
  if (events.missing > 0) figure(`${name}: events that did not come`, [events.missing, ""]);
}

/** Fails when controllers took nodes for dead: they wrote pods then, and the figures are of that, too. */
async function assertUndisturbed(access: Access): Promise<void> {
  await using connection = await openConnection(access);
  const nodes: { readonly items: readonly Node[] } = JSON.parse(
    await ask(connection.session, { path: "/api/v1/nodes" }),
  );
  const silent = nodes.items.filter(({ status }) => conditionOf(status.conditions, "Ready")?.status !== "True");
  if (silent.length > 0)
    throw new Error(`${silent.length} nodes are no longer Ready: their leases were renewed too late`);
}

function memoryFigure(name: string, { rss, pss, peak }: ServerMemory): void {
  figure(name, [rss, "MiB RSS"], [pss, "MiB PSS"], [peak, "MiB peak"]);
}

/** Prints one line of the table. */
function figure(name: string, ...values: readonly (readonly [value: number, unit: string])[]): void {
  const text = values.map(([value, unit]) => `${rounded(value)} ${unit}`.trim().padEnd(18)).join(" ");
  process.stdout.write(`${name.padEnd(46)} ${text.trim()}\n`);
}

function rounded(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: value < 100 ? 2 : 0 });
}
