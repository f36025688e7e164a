/**
 * What it costs to bring a cluster up, and to have one that does nothing.
 *
 * One node: the six stages of minikube's own comparison (time-to-k8s), each measured from the end of the one before, with
 * the real kubectl: command exec, API server answering, kubernetes Service, DNS Service, app running, DNS answering; and
 * what each process holds in memory then (PSS). Three nodes with the example: until `up` has returned. Idle: three nodes
 * without pods. Times are wall-clock seconds and seconds of a processor, of all processes, beside yardsticks.
 *
 * Nothing of ours is resident before a round; packages, images and the bundle are there. Runs in a network namespace
 * without a way out. Usage: `BENCH_ROUNDS=10 BENCH_IDLE_SECONDS=60 node bench/up.ts`, as root. Those are the defaults;
 * 0 seconds measure no idle cluster.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { insideLab, type Lab, startLab, until } from "../test/lab/lab.testing.ts";
import { labProcesses, labSeconds, type ProcessUse, usedBetween } from "./measure/processor-time.ts";
import { type Cost, costOf, YARDSTICKS } from "./measure/yardsticks.ts";

const STAGES = [
  "Command exec",
  "API server answering",
  "kubernetes Service",
  "DNS Service",
  "App running",
  "DNS answering",
] as const;
const example = path.resolve(import.meta.dirname, "../examples/quote");
/** Pause before the idle cluster is measured, in seconds: delayed events and the first garbage collections are over then. */
const SETTLE_SECONDS = 120;
/** Programs that use less of a processor when idle are not listed. */
const LISTED_SECONDS = 0.01;

interface Round {
  /** In the order of {@link STAGES}; the first is `up` with one node. */
  readonly stages: readonly Cost[];
  readonly threeNodes: Cost;
  /** By program, of one node. */
  readonly memoryMiB: Readonly<Record<string, number>>;
  readonly yardsticks: Readonly<Record<string, Cost>>;
}

interface Idle {
  readonly seconds: number;
  readonly processorSeconds: number;
  readonly programs: readonly ProcessUse[];
}

if (insideLab(import.meta.filename)) {
  const rounds = Number(process.env.BENCH_ROUNDS ?? 10);
  const idleSeconds = Number(process.env.BENCH_IDLE_SECONDS ?? 60);
  await using lab = await startLab();
  await oneNode(lab); // Makes the images and warms the page cache: what a second `up` finds.
  const all: Round[] = [];
  for (let i = 0; i < rounds; i++) {
    const yardsticks = await measureYardsticks(lab);
    all.push({ ...(await oneNode(lab)), threeNodes: await threeNodes(lab), yardsticks });
  }
  if (rounds > 0) report(all);
  if (idleSeconds > 0) reportIdle(await idle(lab, idleSeconds));
}

async function measureYardsticks(lab: Lab): Promise<Record<string, Cost>> {
  const measured: Record<string, Cost> = {};
  for (const [name, measure] of Object.entries(YARDSTICKS)) measured[name] = await measure(lab);
  return measured;
}

async function oneNode(lab: Lab): Promise<Pick<Round, "stages" | "memoryMiB">> {
  const app = ["-f", path.join(example, "service.yaml"), "-f", path.join(example, "quote-001.yaml")];
  const dns = ["exec", "quote-001", "-c", "nginx", "--", "nslookup", "-type=a", "kubernetes.default.svc.cluster.local"];
  const steps: (() => Promise<unknown>)[] = [
    () => lab.fairlead("up", "--uplink", "none", "--wait", "60s"),
    () => until("the API server", () => lab.kubectl("get", "pods")),
    () => until("the kubernetes Service", () => lab.kubectl("get", "service", "kubernetes")),
    () => until("the DNS Service", () => lab.kubectl("get", "service", "kube-dns", "--namespace", "kube-system")),
    async () => {
      await lab.kubectl("apply", ...app);
      await lab.kubectl("wait", "--for=condition=Ready", "pod/quote-001", "--timeout=60s");
    },
    () => until("DNS", () => lab.kubectl(...dns)),
  ];
  const stages: Cost[] = [];
  for (const step of steps) stages.push(await costOf(step));
  const memoryMiB = await memory(lab);
  await lab.fairlead("down");
  return { stages, memoryMiB };
}

async function threeNodes(lab: Lab): Promise<Cost> {
  const args = ["--nodes", "3", "-f", example, "--uplink", "none", "--wait", "120s"];
  const cost = await costOf(() => lab.fairlead("up", ...args));
  await lab.fairlead("down");
  return cost;
}

async function idle(lab: Lab, seconds: number): Promise<Idle> {
  await lab.fairlead("up", "--nodes", "3", "--uplink", "none", "--wait", "120s");
  await new Promise((resolve) => setTimeout(resolve, SETTLE_SECONDS * 1000));
  const [before, beforeSeconds] = [await labProcesses(), await labSeconds()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const processorSeconds = (await labSeconds()) - beforeSeconds;
  const programs = usedBetween(before, await labProcesses());
  await lab.fairlead("down");
  return { seconds, processorSeconds, programs };
}

/** PSS of the cluster's programs, by role. */
async function memory(lab: Lab): Promise<Record<string, number>> {
  const status = JSON.parse(await lab.fairlead("status", "-o", "json"));
  const programs: { readonly name: string; readonly pid: number }[] = [
    { name: "supervisor", pid: status.supervisor.pid },
    ...status.supervisor.machines.flatMap((machine: { readonly programs: unknown[] }) => machine.programs),
  ];
  const rows = await Promise.all(
    programs.map(async ({ name, pid }) => {
      const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8");
      const kib = Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1]);
      return [name.split("/").at(-1) ?? name, kib / 1024] as const;
    }),
  );
  return Object.fromEntries(rows);
}

function report(all: readonly Round[]): void {
  const costs = (name: string, costOfRound: (round: Round) => Cost | undefined) => {
    const values = all.flatMap((round) => costOfRound(round) ?? []);
    const [wall, processor] = [values.map((c) => c.wallSeconds), values.map((c) => c.processorSeconds)];
    line(name, `${spread(wall).padEnd(20)} ${spread(processor)}`);
  };
  print(`${all.length} rounds, median (min-max)`);
  line("", `${"seconds".padEnd(20)} processor seconds`);
  for (const name of Object.keys(YARDSTICKS)) costs(`Yardstick: ${name}`, ({ yardsticks }) => yardsticks[name]);
  print("fairlead up, one node, in six stages");
  STAGES.forEach((stage, i) => {
    costs(stage, ({ stages }) => stages[i]);
  });
  costs("Total", ({ stages }) => ({
    wallSeconds: sum(stages, "wallSeconds"),
    processorSeconds: sum(stages, "processorSeconds"),
  }));
  costs("fairlead up, three nodes with the example", ({ threeNodes: cost }) => cost);
  print("Memory of one node with one pod, MiB of PSS");
  for (const name of Object.keys(all[0]?.memoryMiB ?? {})) line(name, spread(all.map((r) => r.memoryMiB[name] ?? 0)));
  line("Total", spread(all.map((r) => Object.values(r.memoryMiB).reduce((total, mib) => total + mib, 0))));
}

function reportIdle({ seconds, processorSeconds, programs }: Idle): void {
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB written`;
  const percent = ((100 * processorSeconds) / seconds).toFixed(2);
  const written = programs.reduce((total, { writtenBytes }) => total + writtenBytes, 0);
  print(`Idle, three nodes without pods, ${seconds} s: ${percent} % of a processor, ${kib(written)}`);
  for (const { name, seconds: used, writtenBytes } of programs) {
    if (used >= LISTED_SECONDS || writtenBytes > 0) line(name, `${used.toFixed(2)} s, ${kib(writtenBytes)}`);
  }
}

function sum(costs: readonly Cost[], of: keyof Cost): number {
  return costs.reduce((total, cost) => total + cost[of], 0);
}

function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)]?.toFixed(2) ?? "-";
  return `${at(0.5)} (${at(0)}-${at(1)})`;
}

function line(name: string, text: string): void {
  print(`${name.padEnd(42)} ${text}`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
