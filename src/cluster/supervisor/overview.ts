import type { ClusterConfig } from "../description/cluster-config.ts";
import { aboutCluster } from "../description/compare-wishes.ts";
import type { ClusterStatus } from "./status.ts";

/**
 * How a cluster is:
 *
 * - `running`: every machine and every program;
 * - `degraded`: a machine or a program does not run, and the supervisor tries again;
 * - `unsupervised`: machines run without a supervisor;
 * - `stopped`: nothing runs, as after a reboot.
 */
export type ClusterState = "running" | "degraded" | "unsupervised" | "stopped";

/** One program, with what is known of it. */
export interface ProgramLine {
  readonly name: string;
  readonly state: "running" | "waiting" | "stopped" | "ended";
  readonly pid: number | undefined;
  /** Undefined when no supervisor answers. */
  readonly restarts: number | undefined;
  /** How it ended the last time; empty when it never has, or when that is unknown. */
  readonly lastEnd: string;
}

export interface ClusterOverview {
  readonly state: ClusterState;
  readonly programs: readonly ProgramLine[];
  /** What is wrong and what to do about it, a sentence each; none for a cluster that runs. */
  readonly advice: readonly string[];
}

/** What there still is of a cluster whose supervisor does not answer. */
export interface Leftovers {
  /** Whether any machine runs. */
  readonly machinesRun: boolean;
  /** Each program as it was started last. */
  readonly programs: readonly { readonly name: string; readonly pid: number; readonly runs: boolean }[];
}

/** @param found - What the supervisor says, or what is left where there is none. */
export function overviewOf(config: ClusterConfig, found: ClusterStatus | Leftovers): ClusterOverview {
  return "pid" in found ? supervised(config, found) : unsupervised(config, found);
}

function supervised({ name }: ClusterConfig, status: ClusterStatus): ClusterOverview {
  const programs = [...status.programs, ...status.machines.flatMap((machine) => machine.programs)];
  const machines = status.machines.filter((machine) => machine.state !== "running");
  const waiting = programs.filter((program) => program.state !== "running");
  return {
    state: machines.length + waiting.length === 0 ? "running" : "degraded",
    programs,
    advice: [
      ...machines.map((m) => `Machine ${m.name} is ${m.state}${m.problem === "" ? "" : `: ${m.problem}`}`),
      ...waiting.map(
        (p) => `${p.name} is started again and again: "${aboutCluster(`logs ${p.name}`, name)}" tells why`,
      ),
    ],
  };
}

function unsupervised({ name }: ClusterConfig, { machinesRun, programs }: Leftovers): ClusterOverview {
  const up = `"${aboutCluster("up", name)}"`;
  if (!machinesRun) {
    const advice = [`Nothing of it runs, as after a reboot: ${up} starts it with what it has stored`];
    return { state: "stopped", programs: [], advice };
  }
  return {
    state: "unsupervised",
    programs: programs.map(({ name: program, pid, runs }) => ({
      name: program,
      state: runs ? "running" : "ended",
      pid: runs ? pid : undefined,
      restarts: undefined,
      lastEnd: "",
    })),
    advice: [
      "Its supervisor has ended: kubectl cannot reach the API server, and a program that ends is not started again. Pods go on.",
      `${up} starts another supervisor, which takes over what runs`,
    ],
  };
}
