/**
 * How many questions the DNS server answers per second of its processor's time, with 10,000 Services, over loopback;
 * and how long an answer takes for a client that asks one after another.
 *
 *     node bench/dns.ts [services=10000] [seconds=5]
 *
 * Each load runs for a second before it is measured. The server is a process of its own. Per core means: per second of CPU time that the server used.
 */
import { fork } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createFakeApi } from "../src/client/fake-api.testing.ts";
import { createClient } from "../src/client/rest/rest-client.ts";
import { startDns } from "../src/dns/start-dns.ts";
import { encodeQuery } from "../src/dns/wire/encode-message.ts";
import { systemClock } from "../src/lib/clock.ts";
import { silentLogger } from "../src/lib/log.ts";

const ROLE = "FAIRLEAD_BENCH_ROLE";
const IN_FLIGHT = 64;
const [servicesText = "10000", secondsText = "5"] = process.argv.slice(2);
const services = Number(servicesText);
const seconds = Number(secondsText);

if (process.env[ROLE] === "server") await serve();
else await ask();

async function serve(): Promise<void> {
  const api = createFakeApi();
  api.put("/api/v1/namespaces/bench", { metadata: {} });
  for (let i = 0; i < services; i++) {
    const clusterIP = `10.96.${i >> 8}.${i & 255}`;
    const spec = {
      type: "ClusterIP",
      clusterIP,
      clusterIPs: [clusterIP],
      ports: [{ name: "http", protocol: "TCP", port: 80 }],
    };
    api.put(`/api/v1/namespaces/bench/services/s${i}`, { metadata: { namespace: "bench" }, spec });
  }
  const startedMs = performance.now();
  const dns = await startDns({
    client: createClient(api),
    nodeName: "bench",
    listen: [{ address: "127.0.0.1", port: 15_053 }],
    advertiseAddress: "127.0.0.1",
    upstreams: [],
    log: silentLogger,
    clock: systemClock,
  });
  process.send?.({ startMs: performance.now() - startedMs });
  process.on("disconnect", () => process.exit());
  process.on("message", (what) => {
    if (what === "usage") process.send?.(process.cpuUsage());
    else void dns.stop().then(() => process.disconnect());
  });
}

async function ask(): Promise<void> {
  const server = fork(import.meta.filename, process.argv.slice(2), { env: { ...process.env, [ROLE]: "server" } });
  const [{ startMs }] = await once(server, "message");
  print("server ready", `${Math.round(startMs)} ms`);
  for (const [name, spread] of [
    ["100 names asked again and again", 100],
    ["every name in turn", services],
  ] as const) {
    await load(spread, 1);
    const before = await usage(server);
    const answered = await load(spread, seconds);
    const after = await usage(server);
    const cpuSeconds = (after.user + after.system - before.user - before.system) / 1e6;
    print(
      name,
      `${Math.round(answered / cpuSeconds).toLocaleString("en")} answers/s per core (${Math.round(answered / seconds).toLocaleString("en")}/s, server at ${Math.round((100 * cpuSeconds) / seconds)} % of a core)`,
    );
  }
  const took = await latencies(5_000);
  print("one after another", `p50 ${percentile(took, 0.5)} µs, p99 ${percentile(took, 0.99)} µs`);
  server.send("stop");
  await once(server, "exit");
}

async function usage(server: ReturnType<typeof fork>): Promise<NodeJS.CpuUsage> {
  server.send("usage");
  const [answer] = await once(server, "message");
  return answer;
}

function queryFor(i: number): Uint8Array {
  return encodeQuery(i & 0xffff, { name: `s${i % services}.bench.svc.cluster.local`, type: 1, class: 1 });
}

/** Keeps {@link IN_FLIGHT} questions on their way; when all of them are lost it starts again. Gives how many were answered. */
async function load(spread: number, forSeconds: number): Promise<number> {
  const queries = Array.from({ length: spread }, (_, i) => queryFor(i));
  const socket = createSocket("udp4");
  socket.connect(15_053, "127.0.0.1");
  await once(socket, "connect");
  let next = 0;
  let answered = 0;
  const send = () => socket.send(queries[next++ % queries.length] ?? new Uint8Array());
  socket.on("message", () => {
    answered += 1;
    send();
  });
  const sendAll = () => {
    for (let i = 0; i < IN_FLIGHT; i++) send();
  };
  sendAll();
  let seen = 0;
  const watchdog = setInterval(() => {
    if (answered === seen) sendAll();
    seen = answered;
  }, 20);
  await new Promise((resolve) => setTimeout(resolve, forSeconds * 1000));
  clearInterval(watchdog);
  socket.close();
  return answered;
}

async function latencies(count: number): Promise<number[]> {
  const socket = createSocket("udp4");
  socket.connect(15_053, "127.0.0.1");
  await once(socket, "connect");
  const took: number[] = [];
  for (let i = 0; i < count; i++) {
    const startedMs = performance.now();
    const answer = once(socket, "message");
    socket.send(queryFor(i * 7));
    await answer;
    took.push((performance.now() - startedMs) * 1000);
  }
  socket.close();
  return took.sort((a, b) => a - b);
}

function percentile(sorted: readonly number[], part: number): number {
  return Math.round(sorted[Math.floor(sorted.length * part)] ?? 0);
}

function print(what: string, figure: string): void {
  process.stdout.write(`${what}: ${figure}\n`);
}
