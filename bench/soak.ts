/**
 * Whether programs give memory back: what each of a cluster's programs holds before, during and after a time of work.
 *
 * Pods that are started, asked for logs, entered by exec and deleted; Services and ConfigMaps that come and go; watches
 * that are opened and left, and some that are never read; requests and DNS packets that make no sense. Each at a bounded
 * rate. A short time of the same work comes first, so that code that is loaded once is not taken for growth.
 *
 * Memory is the resident set size (RSS) in MiB, and the anonymous part of it, which is what a leak would grow. The resident set
 * `after` should be within 15 % of `before`: the exit code says so. The proportional set size would count a page of a program
 * less while other clusters run the same program, whatever that program does.
 *
 * The images are there. Runs as root in namespaces without a way out.
 *
 *     BENCH_MINUTES=30 BENCH_IDLE_SECONDS=300 BENCH_NODES=1 node bench/soak.ts
 */
import { createSocket } from "node:dgram";
import { readFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { configMapKind } from "../src/api/core/v1/configmap/configmap.ts";
import { podKind } from "../src/api/core/v1/pod/pod.ts";
import { serviceKind } from "../src/api/core/v1/service/service.ts";
import type { Client } from "../src/client/client.ts";
import { kubeconfigTransport } from "../src/client/kubeconfig/kubeconfig-transport.ts";
import { createClient } from "../src/client/rest/rest-client.ts";
import type { Transport } from "../src/client/transport/transport.ts";
import { insideLab, type Lab, startLab, until } from "../test/lab/lab.testing.ts";

const GROWTH_MAX = 0.15;
const WARM_UP_MS = 60_000;
const SAMPLE_MS = 5_000;
const NAMESPACE = "default";
const IMAGE = "registry.fairlead.local/tools:1";
const DNS_SERVICE = "10.96.0.10";
const container = {
  name: "talks",
  image: IMAGE,
  command: ["sh", "-c", "trap exit TERM; seq 1 2000; sleep infinity & wait"],
};

interface Soaked {
  readonly lab: Lab;
  readonly client: Client;
  readonly transport: Transport;
  readonly counts: Map<string, number>;
}

/** Memory of a program, in MiB. */
interface Size {
  readonly resident: number;
  readonly anonymous: number;
}

/** One kind of work: `once` is done again and again, not more often than every `everyMs`. */
interface Work {
  readonly name: string;
  readonly everyMs: number;
  once(soaked: Soaked, n: number): Promise<void>;
}

const works: readonly Work[] = [
  { name: "pods", everyMs: 3_000, once: (soaked, n) => onePod(soaked, `soak-a-${n}`) },
  { name: "more pods", everyMs: 3_000, once: (soaked, n) => onePod(soaked, `soak-b-${n}`) },
  { name: "config maps", everyMs: 100, once: oneConfigMap },
  { name: "services", everyMs: 500, once: oneService },
  { name: "watches", everyMs: 1_000, once: someWatches },
  { name: "watches that are not read", everyMs: 20_000, once: silentWatch },
  { name: "bad requests", everyMs: 200, once: badRequest },
  { name: "bad DNS packets", everyMs: 50, once: badPackets },
];

if (insideLab(import.meta.filename)) {
  const minutes = Number(process.env.BENCH_MINUTES ?? 30);
  const idleMs = Number(process.env.BENCH_IDLE_SECONDS ?? 300) * 1000;
  await using lab = await startLab();
  const nodes = process.env.BENCH_NODES ?? "1";
  await lab.fairlead("up", "--nodes", nodes, "--uplink", "none", "--wait", "120s");
  const transport = await kubeconfigTransport(path.join(lab.home, ".kube/config"));
  const soaked = { lab, client: createClient(transport), transport, counts: new Map<string, number>() };

  await work(soaked, WARM_UP_MS);
  await pause(idleMs);
  const before = await memory(lab);
  const peak = await work(soaked, minutes * 60_000);
  await pause(idleMs);
  const after = await memory(lab);

  print("program\tbefore\tpeak\tafter\tgrowth\tanonymous before\tpeak\tafter\tgrowth");
  for (const [name, size] of before) {
    const [most, left] = [peak.get(name), after.get(name)];
    const figures = (of: keyof Size) => {
      const all = [size[of], most?.[of] ?? Number.NaN, left?.[of] ?? Number.NaN];
      return [...all.map((mib) => mib.toFixed(0)), `${(100 * growth(size[of], left?.[of])).toFixed(0)} %`];
    };
    print([name, ...figures("resident"), ...figures("anonymous")].join("\t"));
    if (!(growth(size.resident, left?.resident) <= GROWTH_MAX)) process.exitCode = 1;
  }
  print([...soaked.counts].map(([name, count]) => `${count} ${name}`).join(", "));
  print(`${minutes} minutes, ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}`);
  await transport.close();
}

function growth(before: number, after = Number.NaN): number {
  return after / before - 1;
}

/** Does all kinds of work for a while. Answers the most memory that each program had meanwhile. */
async function work(soaked: Soaked, durationMs: number): Promise<Map<string, Size>> {
  const endMs = performance.now() + durationMs;
  const peak = new Map<string, Size>();
  const repeat = async ({ name, everyMs, once }: Work) => {
    for (let n = soaked.counts.get(name) ?? 0; performance.now() < endMs; n++) {
      const nextMs = performance.now() + everyMs;
      await once(soaked, n);
      soaked.counts.set(name, n + 1);
      await pause(Math.max(0, Math.min(nextMs, endMs) - performance.now()));
    }
  };
  const sample = async () => {
    while (performance.now() < endMs) {
      for (const [name, { resident, anonymous }] of await memory(soaked.lab)) {
        const most = peak.get(name) ?? { resident: 0, anonymous: 0 };
        peak.set(name, {
          resident: Math.max(resident, most.resident),
          anonymous: Math.max(anonymous, most.anonymous),
        });
      }
      await pause(SAMPLE_MS);
    }
  };
  await Promise.all([...works.map(repeat), sample()]);
  return peak;
}

/** A pod that runs, is looked at, and goes. */
async function onePod({ client, lab }: Soaked, name: string): Promise<void> {
  const metadata = { name, namespace: NAMESPACE, labels: { app: "soak" } };
  await client.create(podKind, { metadata, spec: { containers: [container], terminationGracePeriodSeconds: 1 } });
  await until(
    `pod ${name} to run`,
    async () => ((await client.get(podKind, metadata)).status.phase === "Running" ? true : undefined),
    120_000,
  );
  // A container that has just started may not be there for these yet: what counts is that they are asked.
  await lab.run("kubectl", ["logs", name]);
  await lab.run("kubectl", ["exec", name, "--", "seq", "1", "2000"]);
  await client.delete(podKind, metadata);
}

async function oneConfigMap({ client }: Soaked, n: number): Promise<void> {
  const metadata = { name: `soak-${n}`, namespace: NAMESPACE };
  await client.create(configMapKind, { metadata, data: { text: "x".repeat(((n * 7_919) % 50_000) + 100) } });
  await client.patch(configMapKind, metadata, "merge", { data: { n: String(n) } });
  await client.delete(configMapKind, metadata);
}

async function oneService({ client }: Soaked, n: number): Promise<void> {
  const metadata = { name: `soak-${n}`, namespace: NAMESPACE };
  await client.create(serviceKind, { metadata, spec: { selector: { app: "soak" }, ports: [{ port: 80 }] } });
  await client.delete(serviceKind, metadata);
}

/** Watches of many kinds, which are left after a few seconds. */
async function someWatches({ transport }: Soaked): Promise<void> {
  const paths = ["/api/v1/pods", "/api/v1/configmaps", "/api/v1/services", "/api/v1/events", "/api/v1/nodes"];
  await Promise.all(
    paths.map(async (path) => {
      const left = AbortSignal.timeout(3_000);
      const request = { method: "GET" as const, path: `${path}?watch=1`, headers: {}, signal: left };
      try {
        for await (const _piece of (await transport.send(request)).body);
      } catch (error) {
        if (!left.aborted) throw error;
      }
    }),
  );
}

/** Left open, and ended by the server: it has to cut such clients off, or they all stay until the end. */
async function silentWatch({ transport }: Soaked): Promise<void> {
  const path = "/api/v1/configmaps?watch=1&timeoutSeconds=600";
  const { body } = await transport.send({ method: "GET", path, headers: {} });
  // A first piece, so that the answer has begun.
  await body[Symbol.asyncIterator]().next();
}

/** Each is refused. */
async function badRequest({ transport }: Soaked, n: number): Promise<void> {
  const path = `/api/v1/namespaces/${NAMESPACE}/configmaps`;
  const bodies = ["{", "[]", `{"metadata":{"name":"${"x".repeat(1_000 + (n % 1_000))}"}}`, "\u0000".repeat(10_000)];
  const body = Buffer.from(bodies[n % bodies.length] ?? "");
  const headers = { "content-type": "application/json" };
  const posted = await transport.send({ method: "POST", path, headers, body });
  for await (const _piece of posted.body);
  const asked = await transport.send({ method: "GET", path: `${path}/none-${n}?resourceVersion=x`, headers });
  for await (const _piece of asked.body);
  if (posted.status < 400 || asked.status < 400) throw new Error("A bad request was answered as if it were a good one");
}

/** Packets that are no questions, and questions for names that are not there. */
async function badPackets(_soaked: Soaked, n: number): Promise<void> {
  const socket = createSocket("udp4");
  socket.on("error", () => {});
  const send = (bytes: Uint8Array) =>
    new Promise<void>((resolve) => socket.send(bytes, 53, DNS_SERVICE, () => resolve()));
  for (let i = 0; i < 10; i++) {
    const noise = Uint8Array.from({ length: (n * 31 + i * 17) % 500 }, (_, at) => (at * 131 + n * 7 + i) & 0xff);
    await send(noise);
    await send(questionFor(`none-${n}-${i}`));
  }
  socket.close();
}

/** A question for the address of a name of one label (RFC 1035 section 4.1). */
function questionFor(label: string): Uint8Array {
  const header = [0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0];
  return Uint8Array.from([...header, label.length, ...Buffer.from(label), 0, 0, 1, 0, 1]);
}

/** What each of the cluster's programs holds. */
async function memory(lab: Lab): Promise<Map<string, Size>> {
  const status = JSON.parse(await lab.fairlead("status", "-o", "json"));
  const programs: { readonly name: string; readonly pid: number }[] = status.supervisor.machines.flatMap(
    (machine: { readonly programs: unknown[] }) => machine.programs,
  );
  const sizes = new Map<string, Size>();
  for (const { name, pid } of programs) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
    const mib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(rollup)?.[1]) / 1024;
    sizes.set(name, { resident: mib("Rss"), anonymous: mib("Anonymous") });
  }
  return sizes;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
