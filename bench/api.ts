/**
 * What the API server does over HTTPS with client certificates, beside another API server where there is one: ConfigMaps of
 * about a kilobyte, on loopback. Ours is the program that `fairlead up` runs, with its controllers in it.
 *
 * - get and create, 1, 16 and 64 at a time, and create of Services; a create is answered when it is on the disk;
 * - list, all objects in one answer, in JSON and protobuf, consistent and cached, by one client and by four;
 * - pages of 500 with a write after each;
 * - a small read every 20 ms while four clients list all objects;
 * - watch, 100 and 1,000 clients with a connection each, with 100 updates a second offered: how many are made, when their
 *   events come, the server's processor time for an event and its memory for a connection;
 * - start, on the objects that are there.
 *
 * Each row is measured on both servers in turn, several times; medians are printed. Without a peer the yardsticks are the
 * processor seconds of 20,000 times parsing and writing a pod's JSON, and how often 4 KiB are made durable in a second. The
 * clients are this process and share the machine with the servers: their share of one processor stands in the last column, for
 * ours and for the peer. `BENCH_CLIENT=h2load` makes get, create and list with h2load (Debian's `nghttp2-client`), which takes
 * less of the machine from the servers; it shows a token of a service account, having no way to use a client certificate.
 *
 * A peer is any API server of the Kubernetes API, with its store, that was started before and holds no objects: on loopback,
 * in a network namespace, on a port other than 6443. The kubeconfig has an administrator's client certificate
 * (`system:masters`, or any with the authorization mode `AlwaysAllow`). What is written there stays.
 *
 *     node bench/api.ts
 *     BENCH_NETNS=/run/netns/peer BENCH_PEER_KUBECONFIG=peer.kubeconfig BENCH_PEER_PIDS=101,102 node bench/api.ts
 *
 * `BENCH_OBJECTS=150000` (default 5,000), `BENCH_SECONDS=3` for a row, `BENCH_ROUNDS=3`, `BENCH_ROWS='^(get|create)'` for the
 * rows of these names alone, `BENCH_HTTP=2` for requests over one HTTP/2 connection as clients in Go send them (default: 1.1, a
 * connection for each request under way), `BENCH_FOLDER` for the store. `BENCH_PEER_PIDS` are the processes of the peer and
 * its store: without them its processor time and memory are not printed. Runs as root.
 */
import { execFileSync } from "node:child_process";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { testClusterConfig } from "../src/cluster/cluster.testing.ts";
import { API_SECURE_PORT } from "../src/cluster/description/cluster-config.ts";
import { ensureClusterPki } from "../src/cluster/pki/ensure-cluster-pki.ts";
import { insideNamespaces } from "../test/lab/own-namespaces.testing.ts";
import { adminAccess } from "./measure/admin-access.ts";
import { durableWritesPerSecond } from "./measure/api/disk-yardstick.ts";
import { medianFigures } from "./measure/api/figure.ts";
import { h2loadIn } from "./measure/api/h2load.ts";
import { listRows } from "./measure/api/list-rows.ts";
import { loadFromHere } from "./measure/api/load.ts";
import { fillServer, type Namespaces } from "./measure/api/objects-of-run.ts";
import { pageRow } from "./measure/api/page-row.ts";
import { requestRows } from "./measure/api/request-rows.ts";
import type { Row, Run } from "./measure/api/row.ts";
import { accessOfKubeconfig, type Side } from "./measure/api/side.ts";
import { smallReadRow } from "./measure/api/small-read-row.ts";
import { figureLine, heading } from "./measure/api/table.ts";
import { watchRows } from "./measure/api/watch-rows.ts";
import { inOwnFolder } from "./measure/in-own-folder.ts";
import { jsonYardstick } from "./measure/json-yardstick.ts";
import { measureStart } from "./measure/measure-start.ts";
import { startServerProcess } from "./measure/server-process.ts";

const START_TIMEOUT_MS = 300_000;
const MARK = "FAIRLEAD_BENCH_API";
const root = path.resolve(import.meta.dirname, "..");
const env = process.env;
/** Creates come last: they leave objects behind. */
const rows: readonly Row[] = [...listRows, pageRow, smallReadRow, ...watchRows, ...requestRows];

if (env[MARK] !== "1") {
  // The launcher makes the bundle when a source is newer.
  execFileSync(path.join(root, "fairlead"), ["version"], { stdio: "inherit" });
  // Ctrl-C reaches the process in the namespace, too: this one stays until that one has removed its folder.
  process.on("SIGINT", () => {});
}
const own = ["unshare", "--net", "sh", "-euc", 'ip link set lo up; exec "$@"', "sh"] as const;
const peers = ["nsenter", `--net=${env.BENCH_NETNS}`] as const;
const enter = env.BENCH_NETNS === undefined ? own : peers;
if (insideNamespaces(import.meta.filename, { mark: MARK, enter })) {
  process.exit(await inOwnFolder({ parent: env.BENCH_FOLDER ?? tmpdir(), name: "bench-api-" }, measureAll));
}

async function measureAll(folder: string, interrupted: Promise<never>): Promise<void> {
  const config = testClusterConfig();
  const pkiFolder = path.join(folder, "pki");
  await ensureClusterPki(pkiFolder, config, new Date());
  const access = await adminAccess(pkiFolder, `https://127.0.0.1:${API_SECURE_PORT}`);
  const start = () => startServerProcess({ root, config, pkiFolder, storeFile: path.join(folder, "state.db") });
  const peer = await peerSide();
  const settings = settingsOf(folder);
  await printYardsticks(folder);
  {
    await using server = start();
    const started = measureStart({ server, access, timeoutMs: START_TIMEOUT_MS, onReady: () => {} });
    await Promise.race([started, interrupted]);
    for (const side of [{ access, pids: [] }, ...(peer === undefined ? [] : [peer])]) {
      const filled = fillServer(side.access, settings.namespaces, settings.objects);
      await Promise.race([filled, server.ended, interrupted]);
    }
  }
  await using server = start();
  let readySeconds = Number.NaN;
  const onReady = (seconds: number) => {
    readySeconds = seconds;
  };
  const started = measureStart({ server, access, timeoutMs: START_TIMEOUT_MS, onReady });
  const { startedSeconds, processorSeconds, memory } = await Promise.race([started, interrupted]);
  const times = `/readyz ${readySeconds.toFixed(1)} s, all ${startedSeconds.toFixed(1)} s`;
  print(`start on ${settings.objects} objects: ${times}, ${processorSeconds} CPU s, ${Math.round(memory.pss)} MiB PSS`);
  const ours: Side = { access, pids: [server.pid] };
  await Promise.race([measureRows({ ours, peer }, settings), server.ended, interrupted]);
  await printYardsticks(folder);
  print(`${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`);
}

interface Settings extends Omit<Run, "side"> {
  readonly rounds: number;
  readonly rows: readonly Row[];
}

function settingsOf(folder: string): Settings {
  const run = Date.now().toString(36);
  const namespaces: Namespaces = { read: `bench-read-${run}`, written: `bench-written-${run}` };
  const wanted = new RegExp(env.BENCH_ROWS ?? "");
  let names = 0;
  return {
    namespaces,
    objects: Number(env.BENCH_OBJECTS ?? 5_000),
    seconds: Number(env.BENCH_SECONDS ?? 3),
    rounds: Number(env.BENCH_ROUNDS ?? 3),
    http: env.BENCH_HTTP === "2" ? "2" : "1.1",
    send: env.BENCH_CLIENT === "h2load" ? h2loadIn(folder) : loadFromHere,
    rows: rows.filter(({ name }) => wanted.test(name)),
    newName: () => `written-${names++}`,
  };
}

async function peerSide(): Promise<Side | undefined> {
  const { BENCH_PEER_KUBECONFIG: file, BENCH_PEER_PIDS: pids = "" } = env;
  if (file === undefined) return undefined;
  const words = pids.split(",").filter((word) => word !== "");
  return { access: await accessOfKubeconfig(file), pids: words.map(Number) };
}

interface Sides {
  readonly ours: Side;
  readonly peer: Side | undefined;
}

async function measureRows({ ours, peer }: Sides, { rows: wanted, rounds, ...settings }: Settings): Promise<void> {
  print(heading(peer !== undefined));
  for (const row of wanted) {
    const figures = { ours: [] as Figures[], peer: [] as Figures[] };
    for (let round = 0; round < rounds; round++) {
      figures.ours.push(await row.measure({ side: ours, ...settings }));
      if (peer !== undefined) figures.peer.push(await row.measure({ side: peer, ...settings }));
    }
    const beside = medianFigures(figures.peer);
    for (const [at, figure] of medianFigures(figures.ours).entries()) print(figureLine(figure, beside[at]));
  }
}

type Figures = Awaited<ReturnType<Row["measure"]>>;

async function printYardsticks(folder: string): Promise<void> {
  const writes = Math.round(await durableWritesPerSecond(folder));
  print(`yardsticks: ${jsonYardstick().toFixed(2)} CPU s for JSON, ${writes} durable writes/s`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
