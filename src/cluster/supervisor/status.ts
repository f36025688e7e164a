import type { ProgramStatus } from "./kept-program.ts";

/** What the supervisor says of its cluster. */
export interface ClusterStatus {
  readonly name: string;
  /** The supervisor's own process. */
  readonly pid: number;
  readonly machines: readonly MachineStatus[];
  /** What belongs to no machine: the uplink. */
  readonly programs: readonly ProgramStatus[];
}

export interface MachineStatus {
  readonly name: string;
  readonly address: string;
  readonly state: "starting" | "running" | "failed" | "stopped";
  /** Its first process, as the host numbers it. */
  readonly pid: number | undefined;
  /** How often it was started again. */
  readonly restarts: number;
  /** Why it could not be started; empty when it could. */
  readonly problem: string;
  readonly programs: readonly ProgramStatus[];
}
