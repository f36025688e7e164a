import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Logger } from "@fairlead/lib/log";
import { endProcess } from "@fairlead/lib/process-identity";
import type { Running } from "@fairlead/lib/running";
import { running } from "@fairlead/lib/running";
import type { ClusterConfig } from "../description/cluster-config.ts";
import { readClusterConfig } from "../description/cluster-config.ts";
import type { StateFolder } from "../description/state-folder.ts";
import { seedMachines } from "../image-template/seed-machines.ts";
import type { Journal } from "../journal/journal.ts";
import { openJournal, readJournal } from "../journal/journal.ts";
import type { Fabric } from "../machines/fabric.ts";
import { ensureFabric, ensureHostLink } from "../machines/fabric.ts";
import { ensureHostRoutes } from "../machines/host-routes.ts";
import { masqueradeUplink, uplinkProgram } from "../machines/uplink.ts";
import type { Program } from "../program.ts";
import { startControlServer } from "./control-server.ts";
import { followInTurn } from "./follow-in-turn.ts";
import { keepMachines } from "./kept-machines.ts";
import type { KeptProgram } from "./kept-program.ts";
import { keepProgram } from "./kept-program.ts";
import { rotateLog } from "./log-file.ts";
import { openLoopbackDoor } from "./loopback-door.ts";
import type { ClusterStatus } from "./status.ts";

export interface SupervisorOptions {
  readonly folder: StateFolder;
  readonly program: Program;
  readonly log: Logger;
}

const LOG_CHECK_INTERVAL_MS = 30_000;
/** How long a program left over from a killed supervisor gets. */
const LEFTOVER_GRACE_MS = 5_000;

/** Starts the cluster that the state folder describes, or takes over what is still running of it, and keeps it running. */
export async function startSupervisor({ folder, program, log }: SupervisorOptions): Promise<Running> {
  const config = await describedCluster(folder);
  await Promise.all(
    [folder.logs, folder.store, path.join(program.root, ".cache/compile")].map((f) => mkdir(f, { recursive: true })),
  );
  const journal = await openJournal(folder.journal);
  // Only one supervisor of a cluster gets the port: another one fails here, before it ends what the first has started.
  const door = await openLoopbackDoor(config.apiPort);
  const seedMachine = seedMachines(folder, log);
  // Copied while the network is made.
  for (const node of config.nodes) void seedMachine(node.name);
  await endLeftovers(folder);

  const fabric = await ensureFabric(config, journal);
  const machines = keepMachines({ folder, fabric, seedMachine, program, door, journal, log });
  machines.follow(config);
  const uplink = startUplink({ config, folder, fabric, journal, log });
  if (config.hostRoutes) await ensureHostRoutes(config, await ensureHostLink(config, fabric, journal), journal);
  log.info("Cluster started", { cluster: config.name, nodes: config.nodes.length });

  const status = (): ClusterStatus => ({
    name: config.name,
    pid: process.pid,
    machines: machines.status(),
    programs: uplink === undefined ? [] : [uplink.status()],
  });
  // An older description would have machines taken away that are in a newer one.
  const reload = followInTurn(() => describedCluster(folder), machines.follow);
  const control = await startControlServer(folder.supervisorSocket, { status, reload });
  const rotation = setInterval(() => void rotateLogs(status(), log), LOG_CHECK_INTERVAL_MS);
  return running(async () => {
    clearInterval(rotation);
    await Promise.all([machines.stop(), uplink?.stop()]);
    await control.stop();
    door.close();
    await journal.close();
  });
}

async function describedCluster(folder: StateFolder): Promise<ClusterConfig> {
  const config = await readClusterConfig(folder.config);
  if (config === undefined) throw new Error(`Cannot start the cluster "${folder.name}": ${folder.config} is missing`);
  return config;
}

/** Programs are restarted by every supervisor; machines and their pods go on. */
async function endLeftovers(folder: StateFolder): Promise<void> {
  const entries = await readJournal(folder.journal);
  await Promise.all(
    entries.flatMap((entry) =>
      entry.type === "process" && entry.role !== "supervisor" ? [endProcess(entry, LEFTOVER_GRACE_MS)] : [],
    ),
  );
}

function startUplink(options: {
  readonly config: ClusterConfig;
  readonly folder: StateFolder;
  readonly fabric: Fabric;
  readonly journal: Journal;
  readonly log: Logger;
}): KeptProgram | undefined {
  const { config, folder, fabric, journal, log } = options;
  const command = uplinkProgram(config, fabric);
  if (command === undefined) return undefined;
  masqueradeUplink(fabric).catch((error) => log.error("Cannot let packets out of the cluster", { error }));
  return keepProgram({ name: "uplink", command, logFile: path.join(folder.logs, "uplink.log"), journal, log });
}

async function rotateLogs(status: ClusterStatus, log: Logger): Promise<void> {
  const programs = [...status.programs, ...status.machines.flatMap((machine) => machine.programs)];
  for (const { logFile } of programs) {
    await rotateLog(logFile).catch((error) => log.warn("Cannot rotate a log", { logFile, error }));
  }
}
