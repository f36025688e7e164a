/**
 * How long the service proxy takes, with the real kernel, in a network namespace of its own (root):
 *
 * - cold start: from nothing to every Service in the kernel, reading them from an API server in the same process included;
 * - restart: the same, with the table of the run before being there;
 * - one changed endpoint, from the watch event to the kernel, with all those Services present.
 *
 *     node bench/proxy.ts [services=10000] [endpoints=5] [rounds=200]
 */
import { execFileSync } from "node:child_process";
import { createFakeApi } from "../src/client/fake-api.testing.ts";
import { createClient } from "../src/client/rest/rest-client.ts";
import { systemClock } from "../src/lib/clock.ts";
import type { Logger } from "../src/lib/log.ts";
import { silentLogger } from "../src/lib/log.ts";
import { createNftShell } from "../src/nftables/kernel/nft-shell.ts";
import { service, slice } from "../src/proxy/services/objects.testing.ts";
import { startProxy } from "../src/proxy/start-proxy.ts";

const INSIDE = "FAIRLEAD_BENCH_NETNS";
const [serviceCount = 10_000, endpointCount = 5, rounds = 200] = process.argv.slice(2).map(Number);

if (process.env[INSIDE] === undefined) {
  const args = ["--net", process.execPath, import.meta.filename, ...process.argv.slice(2)];
  execFileSync("unshare", args, { stdio: "inherit", env: { ...process.env, [INSIDE]: "1" } });
} else {
  await bench();
}

async function bench(): Promise<void> {
  await using nft = createNftShell();
  const api = createFakeApi();
  api.put("/api/v1/nodes/n1", { spec: { podCIDR: "10.244.1.0/24" }, status: {} });
  for (let number = 0; number < serviceCount; number++) {
    putService(number);
    putSlice(number, 0);
  }
  const synced = waitForSync();
  const startedMs = performance.now();
  const first = await start();
  print(`cold start, ${serviceCount} Services of ${endpointCount} endpoints`, [performance.now() - startedMs]);
  await first.stop();
  const restartedMs = performance.now();
  const proxy = await start();
  print("restart, the table being there", [performance.now() - restartedMs]);

  const took: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const written = synced.next();
    const changedMs = performance.now();
    putSlice((round * 7919) % serviceCount, round);
    await written;
    took.push(performance.now() - changedMs);
  }
  print(`one changed endpoint, ${serviceCount} Services present`, took);
  await proxy.stop();

  async function start() {
    const proxy = await startProxy({
      nft,
      client: createClient(api),
      nodeName: "n1",
      serviceCIDRs: ["10.96.0.0/12"],
      health: false,
      log: synced.log,
      clock: systemClock,
    });
    await proxy.synced;
    return proxy;
  }

  function putService(number: number): void {
    const metadata = { name: `s${number}`, namespace: "bench" };
    const clusterIP = `10.${96 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
    api.put(`/api/v1/namespaces/bench/services/s${number}`, { ...service({ clusterIP }, { metadata }) });
  }

  /** The Service's endpoints; in a later round, the last of them is another. */
  function putSlice(number: number, round: number): void {
    const labels = { "kubernetes.io/service-name": `s${number}` };
    const addresses = Array.from({ length: endpointCount }, (_, i) => {
      const host = (number * endpointCount + i) % 65_536;
      return i === endpointCount - 1 && round > 0
        ? `10.250.${(round >> 8) & 255}.${round & 255}@n2`
        : `10.${245 + (number % 4)}.${host >> 8}.${host & 255}@n2`;
    });
    const metadata = { name: `s${number}`, namespace: "bench", labels };
    api.put(`/apis/discovery.k8s.io/v1/namespaces/bench/endpointslices/s${number}`, {
      ...slice(addresses.join(" "), { metadata }),
    });
  }
}

/** The proxy says in its log when the kernel has something new. */
function waitForSync(): { readonly log: Logger; next(): Promise<void> } {
  let waiting = Promise.withResolvers<void>();
  const log: Logger = {
    ...silentLogger,
    debug: (message) => {
      if (message === "Synced") waiting.resolve();
    },
    warn: (message, fields) => process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
    error: (message, fields) => process.stderr.write(`${message} ${fields?.error}\n`),
    with: () => log,
  };
  return {
    log,
    next() {
      waiting = Promise.withResolvers<void>();
      return waiting.promise;
    },
  };
}

function print(what: string, tookMs: readonly number[]): void {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
  const figures = sorted.length === 1 ? `${at(0)} ms` : `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, n=${sorted.length}`;
  process.stdout.write(`${what}: ${figures}\n`);
}
