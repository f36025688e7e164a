/**
 * How long a cluster takes until it works, in the six stages of minikube's own comparison (time-to-k8s), each measured
 * from the end of the one before, with the real kubectl: command exec, API server answering, kubernetes Service,
 * DNS Service, app running, DNS answering. Then what each process holds in memory (PSS).
 *
 * Nothing of ours is resident before a round; packages, images and the bundle are there. Runs in a network namespace
 * without a way out. Usage: `BENCH_ROUNDS=10 node bench/up.ts`, as root. Default: 10 rounds.
 */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { insideLab, type Lab, startLab, until } from "../test/lab/lab.testing.ts";

const STAGES = [
  "Command exec",
  "API server answering",
  "kubernetes Service",
  "DNS Service",
  "App running",
  "DNS answering",
] as const;
const example = path.resolve(import.meta.dirname, "../examples/quote");

interface Round {
  /** In the order of {@link STAGES}. */
  readonly stagesMs: readonly number[];
  /** By program. */
  readonly memoryMiB: Readonly<Record<string, number>>;
}

if (insideLab(import.meta.filename)) {
  const rounds = Number(process.env.BENCH_ROUNDS ?? 10);
  await using lab = await startLab();
  await round(lab); // Makes the images and warms the page cache: what a second `up` finds.
  const all: Round[] = [];
  for (let i = 0; i < rounds; i++) all.push(await round(lab));
  report(all);
}

async function round(lab: Lab): Promise<Round> {
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
  const stagesMs: number[] = [];
  for (const step of steps) {
    const startedAt = performance.now();
    await step();
    stagesMs.push(performance.now() - startedAt);
  }
  const memoryMiB = await memory(lab);
  await lab.fairlead("down");
  return { stagesMs, memoryMiB };
}

/** PSS of the cluster's programs, told apart by what they are. */
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
  const print = (line: string) => process.stdout.write(`${line}\n`);
  print(`fairlead up, one node, ${all.length} rounds: seconds, median (min-max)`);
  STAGES.forEach((stage, i) => {
    print(`${stage.padEnd(22)} ${spread(all.map((r) => (r.stagesMs[i] ?? 0) / 1000))}`);
  });
  print(`${"Total".padEnd(22)} ${spread(all.map((r) => r.stagesMs.reduce((sum, ms) => sum + ms, 0) / 1000))}`);
  print("Memory with one pod, MiB of PSS, median (min-max)");
  for (const name of Object.keys(all[0]?.memoryMiB ?? {})) {
    print(`${name.padEnd(22)} ${spread(all.map((r) => r.memoryMiB[name] ?? 0))}`);
  }
  const total = (r: Round) => Object.values(r.memoryMiB).reduce((sum, mib) => sum + mib, 0);
  print(`${"Total".padEnd(22)} ${spread(all.map(total))}`);
}

function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round((sorted.length - 1) * share)]?.toFixed(2) ?? "-";
  return `${at(0.5)} (${at(0)}-${at(1)})`;
}
