/**
 * How many questions the DNS server answers, over loopback in a network namespace of its own (root), in a cluster of 10,000 Services
 * and a StatefulSet of 5,000 pods; beside it unbound and Knot with the same names and one thread each, in turns. Debian's dnsperf asks: for
 * the address of each name, and for the IPv6 one that the Services lack.
 *
 *     node bench/dns.ts [seconds=5] [rounds=3] [services=10000] [pods=5000]
 *
 * Per core means: per second of CPU time that the server used. The load with changes changes a Service every 10 ms. Latencies are those at
 * 5,000 questions a second. Three Debian packages are fetched and unpacked, and nothing is installed.
 */
import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createFakeApi } from "../src/client/fake-api.testing.ts";
import { createClient } from "../src/client/rest/rest-client.ts";
import { startDns } from "../src/dns/start-dns.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLogger } from "../src/lib/log.ts";
import { unpackedPackages } from "../test/lab/registry/debian-packages.testing.ts";
import { type LoadResult, runLoad, runPaced } from "./measure/dns/dnsperf.ts";
import { podAddress, questions, serviceAddress } from "./measure/dns/names.ts";
import { startKnot, startUnbound, type YardstickServer } from "./measure/dns/yardstick-servers.ts";

const ROLE = "FAIRLEAD_BENCH_ROLE";
const PORTS = { fairlead: 15_053, unbound: 15_054, knot: 15_055 };
/** Endpoints of a slice, as the controller has it. */
const SLICE_ENDPOINTS = 100;
const CHANGE_EVERY_MS = 10;
const PACED_PER_SECOND = 5_000;
const WARM_UP_SECONDS = 2;
const [seconds = 5, rounds = 3, services = 10_000, pods = 5_000] = process.argv.slice(2).map(Number);
const names = { services, pods };

switch (process.env[ROLE]) {
  case undefined:
    // Where there may be a network.
    unpackedPackages("dns-yardsticks");
    again("ask", ["unshare", "--net", "sh", "-euc", 'ip link set lo up; exec "$@"', "sh"]);
    break;
  case "server":
    await serve();
    break;
  default:
    await ask();
}

function again(role: string, [program = "", ...words]: readonly string[]): void {
  execFileSync(program, [...words, process.execPath, import.meta.filename, ...process.argv.slice(2)], {
    stdio: "inherit",
    env: { ...process.env, [ROLE]: role },
  });
}

async function serve(): Promise<void> {
  const api = createFakeApi();
  api.put("/api/v1/namespaces/bench", { metadata: {} });
  const putService = (name: string, clusterIP: string) =>
    api.put(`/api/v1/namespaces/bench/services/${name}`, {
      metadata: { namespace: "bench" },
      spec: {
        type: "ClusterIP",
        clusterIP,
        clusterIPs: [clusterIP],
        ports: [{ name: "http", protocol: "TCP", port: 80 }],
      },
    });
  for (let i = 0; i < services; i++) putService(`s${i}`, serviceAddress(i));
  putService("db", "None");
  for (let first = 0; first < pods; first += SLICE_ENDPOINTS) putSlice(api, first);
  await startDns({
    client: createClient(api),
    nodeName: "bench",
    listen: [{ address: "127.0.0.1", port: PORTS.fairlead }],
    advertiseAddress: "127.0.0.1",
    upstreams: [],
    log: silentLogger,
    clock: systemClock,
  });
  let changing: NodeJS.Timeout | undefined;
  let changes = 0;
  process.on("message", (what) => {
    clearInterval(changing);
    if (what !== "change") return;
    changing = setInterval(() => {
      putService(`s${services}`, serviceAddress(services + (changes++ % 200)));
    }, CHANGE_EVERY_MS);
  });
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
}

function putSlice(api: ReturnType<typeof createFakeApi>, first: number): void {
  const count = Math.min(SLICE_ENDPOINTS, pods - first);
  api.put(`/apis/discovery.k8s.io/v1/namespaces/bench/endpointslices/db-${first}`, {
    metadata: { namespace: "bench", labels: { "kubernetes.io/service-name": "db" } },
    addressType: "IPv4",
    ports: [{ name: "http", protocol: "TCP", port: 80 }],
    endpoints: Array.from({ length: count }, (_, i) => ({
      addresses: [podAddress(first + i)],
      hostname: `db-${first + i}`,
      conditions: { ready: true },
    })),
  });
}

async function ask(): Promise<void> {
  const root = unpackedPackages("dns-yardsticks");
  const folder = await mkdtemp(path.join(tmpdir(), "fairlead-bench-"));
  const questionsFile = path.join(folder, "questions");
  const child = fork(import.meta.filename, process.argv.slice(2), { env: { ...process.env, [ROLE]: "server" } });
  const yardsticks: YardstickServer[] = [];
  try {
    await writeFile(questionsFile, `${questions(names).join("\n")}\n`);
    await once(child, "message");
    yardsticks.push(await startUnbound(root, folder, PORTS.unbound, names));
    yardsticks.push(await startKnot(root, folder, PORTS.knot, names));
    await measure({ root, questionsFile, child, yardsticks });
  } finally {
    if (child.connected) child.disconnect();
    for (const yardstick of yardsticks) await yardstick.stop();
    await rm(folder, { recursive: true });
  }
}

interface Measured {
  readonly root: string;
  readonly questionsFile: string;
  readonly child: ChildProcess;
  readonly yardsticks: readonly YardstickServer[];
}

async function measure({ root, questionsFile, child, yardsticks }: Measured): Promise<void> {
  const fairlead = { name: "fairlead", port: PORTS.fairlead, pid: child.pid ?? 0, changes: false };
  const others = yardsticks.map(({ name, pid }) => ({ name, pid, port: PORTS[name as "unbound"], changes: false }));
  const servers = [fairlead, { ...fairlead, name: "fairlead, with changes", changes: true }, ...others];
  for (let round = 1; round <= rounds; round++) {
    for (const { name, port, pid, changes } of servers) {
      child.send(changes ? "change" : "rest");
      const load = { root, port, pid, questionsFile };
      await runLoad({ ...load, seconds: WARM_UP_SECONDS });
      const result = await runLoad({ ...load, seconds });
      const { p50, p99 } = await runPaced({ ...load, seconds: 2 }, PACED_PER_SECOND);
      print(`round ${round}, ${name}`, `${figures(result)}; p50 ${p50} µs, p99 ${p99} µs`);
    }
  }
}

function figures({ answersPerSecond, answersPerCoreSecond, lost }: LoadResult): string {
  const [second, core] = [answersPerSecond, answersPerCoreSecond].map((n) => Math.round(n).toLocaleString("en"));
  return `${core} answers/s per core (${second}/s, ${lost} lost)`;
}

function print(what: string, figure: string): void {
  process.stdout.write(`${what}: ${figure}\n`);
}
