/**
 * How many new connections a rolling update loses: a Deployment of plain HTTP servers without a preStop hook is restarted
 * again and again while a client opens connections through its ClusterIP, a node port and its load balancer,
 * each with one request.
 *
 * A server goes on serving for BENCH_LINGER seconds after SIGTERM, then closes its listener and ends. The client is the host
 * of a cluster of three nodes. Runs in a network namespace without a way out.
 * Usage: `BENCH_CONNECTIONS=20000 BENCH_LINGER=1 BENCH_REPLICAS=6 node bench/rollout.ts`, as root. Those are the defaults.
 */
import { insideLab, startLab } from "../test/lab/lab.testing.ts";
import { rollOutUnderLoad } from "../test/lab/rollout.testing.ts";

const NODES = 3;

if (insideLab(import.meta.filename)) {
  const [connections, lingerSeconds, replicas] = [
    ["CONNECTIONS", 20_000],
    ["LINGER", 1],
    ["REPLICAS", 6],
  ].map(([name, standard]) => Number(process.env[`BENCH_${name}`] ?? standard)) as [number, number, number];
  await using lab = await startLab();
  await lab.fairlead("up", "--nodes", String(NODES), "--uplink", "none", "--wait", "60s");
  const { rollouts, outcomes } = await rollOutUnderLoad(lab, { connections, lingerSeconds, replicas });
  print(
    `${rollouts} rollouts of ${replicas} pods that serve for ${lingerSeconds} s after SIGTERM, ${connections} connections`,
  );
  for (const { target, counts } of outcomes) {
    print(`  ${target}: ${[...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ")}`);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
