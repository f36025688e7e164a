import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { systemClock } from "@fairlead/lib/clock";
import type { Logger } from "@fairlead/lib/log";
import { isAlive, signalProcess, waitForEnd } from "@fairlead/lib/process-identity";
import type { ClusterConfig, NodeConfig } from "../description/cluster-config.ts";
import { isControlPlane } from "../description/cluster-config.ts";
import { machineCgroup } from "../description/cluster-names.ts";
import type { StateFolder } from "../description/state-folder.ts";
import type { SeedMachines } from "../image-template/seed-machines.ts";
import type { Journal } from "../journal/journal.ts";
import { readJournal } from "../journal/journal.ts";
import type { Fabric } from "../machines/fabric.ts";
import { type Machine, startMachine, waitInMachine, writeHosts } from "../machines/machine.ts";
import { uplinkNameServers } from "../machines/uplink.ts";
import type { Program } from "../program.ts";
import { waitFor } from "../wait-for.ts";
import type { KeptRunning } from "./keep-running.ts";
import { keepRunning } from "./keep-running.ts";
import type { KeptProgram } from "./kept-program.ts";
import { keepProgram } from "./kept-program.ts";
import type { LoopbackDoor } from "./loopback-door.ts";
import type { ProgramRole, ProgramSpec } from "./program-spec.ts";
import { CONTROL_PLANE_PKI, CONTROL_PLANE_STORE, MACHINE_CREDENTIALS, programSpecs } from "./program-spec.ts";
import type { MachineStatus } from "./status.ts";
import { credentialsFolder, hasCredentials, writeRuntimeConfig } from "./write-credentials.ts";

export interface KeptMachineOptions {
  readonly config: ClusterConfig;
  readonly node: NodeConfig;
  readonly folder: StateFolder;
  readonly fabric: Fabric;
  readonly seedMachine: SeedMachines;
  readonly program: Program;
  /** The host's loopback port of the API server. */
  readonly door: LoopbackDoor;
  readonly journal: Journal;
  readonly log: Logger;
}

/** A machine that is started again when it ends, as if its power had been off for a moment. */
export interface KeptMachine {
  readonly node: NodeConfig;
  /** Rejects when the machine could not be started the first time. */
  readonly started: Promise<void>;
  status(): MachineStatus;
  /** Sets the machine up as a changed description of its cluster says, as far as that can be done while it runs. */
  follow(config: ClusterConfig): Promise<void>;
  /** Ends a pause before another start at once. */
  stop(): Promise<void>;
}

const MACHINE_GRACE_MS = 10_000;

/** Takes over the machine when it is still running from before, else starts it; then keeps it. */
export function keepMachine(options: KeptMachineOptions): KeptMachine {
  const kept = new MachineKeeper(options);
  return {
    node: options.node,
    started: kept.started,
    status: () => kept.status(),
    follow: (config) => kept.follow(config),
    stop: () => kept.stop(),
  };
}

class MachineKeeper {
  readonly started: Promise<void>;
  readonly #options: Omit<KeptMachineOptions, "config">;
  readonly #stopping = new AbortController();
  readonly #kept: Promise<KeptRunning>;
  #config: ClusterConfig;
  /** One write at a time: what the last one has written is there. */
  #writes: Promise<unknown> = Promise.resolve();
  #machine: Machine | undefined;
  #programs: readonly KeptProgram[] = [];
  #restarts = 0;
  #problem = "";

  constructor(options: KeptMachineOptions) {
    this.#options = options;
    this.#config = options.config;
    this.started = this.#start(true);
    this.#kept = this.started.catch(() => {}).then(() => this.#keep());
  }

  status(): MachineStatus {
    const { node } = this.#options;
    const state = this.#machine !== undefined ? "running" : this.#problem === "" ? "starting" : "failed";
    return {
      name: node.name,
      address: node.address,
      state: this.#stopping.signal.aborted ? "stopped" : state,
      pid: this.#machine?.init.pid,
      restarts: this.#restarts,
      problem: this.#problem,
      programs: this.#programs.map((p) => p.status()),
    };
  }

  async follow(config: ClusterConfig): Promise<void> {
    const before = this.#config;
    this.#config = config;
    if (!isDeepStrictEqual(before.nodes, config.nodes)) await this.#writeHosts();
    if (isDeepStrictEqual(before.registries, config.registries)) return;
    await this.#writeRuntimeConfig();
    // Credentials are read only when it starts.
    const runtime = this.#programs.find(({ name }) => name === programName(this.#options.node, "containerd"));
    await runtime?.restart();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await (await this.#kept).stopped;
    if (this.#machine !== undefined) await this.#end(this.#machine);
  }

  async #end({ init }: Machine): Promise<void> {
    await Promise.all(this.#programs.map((p) => p.stop()));
    await signalProcess(init, "SIGKILL");
    await waitForEnd(init, MACHINE_GRACE_MS);
  }

  #keep(): KeptRunning {
    const { node, log } = this.#options;
    return keepRunning({
      isRunning: async () => this.#machine !== undefined && (await isAlive(this.#machine.init)),
      onEnd: async () => {
        log.warn("Machine ended, starting it again", { machine: node.name });
        this.#machine = undefined;
        await Promise.all(this.#programs.map((p) => p.stop()));
      },
      start: async () => {
        this.#restarts++;
        await this.#start(false).catch((error) => log.error("Cannot start a machine", { error }));
      },
      clock: systemClock,
      stopping: this.#stopping.signal,
    });
  }

  /**
   * The machine's end ends its programs, and no program starts in a machine that has ended: every end of a machine shows
   * as the end of a program, or of an attempt to start it again, also where this supervisor is not the machine's parent.
   */
  async #onProgramEnd(): Promise<void> {
    (await this.#kept).check();
  }

  async #start(mayTakeOver: boolean): Promise<void> {
    let machine: Machine | undefined;
    try {
      const { node, program } = this.#options;
      await this.#writeRuntimeConfig();
      machine = (mayTakeOver ? await this.#runningMachine() : undefined) ?? (await this.#newMachine());
      const specs = programSpecs(this.#config, node, program);
      this.#programs = this.#startPrograms(
        machine,
        specs.filter((spec) => !spec.needsCredentials),
      );
      await this.#credentials();
      const others = this.#startPrograms(
        machine,
        specs.filter((spec) => spec.needsCredentials),
      );
      this.#programs = [...this.#programs, ...others];
      this.#machine = machine;
      this.#problem = "";
      // Others may have come or gone since it was started.
      await this.#writeHosts();
    } catch (error) {
      if (machine !== undefined) await this.#end(machine);
      this.#problem = (error as Error).message;
      throw error;
    }
  }

  #writeRuntimeConfig(): Promise<void> {
    const { folder, node } = this.#options;
    return this.#write(() => writeRuntimeConfig(folder, this.#config, node));
  }

  /** A machine that ends meanwhile gets it when it is started again. */
  #writeHosts(): Promise<void> {
    const { node, log } = this.#options;
    return this.#write(async () => {
      if (this.#machine !== undefined) await writeHosts(this.#machine.init, this.#config);
    }).catch((error) =>
      log.warn("Cannot write the names of the other machines into a machine's hosts file", {
        machine: node.name,
        error,
      }),
    );
  }

  #write(work: () => Promise<void>): Promise<void> {
    const written = this.#writes.then(work);
    this.#writes = written.catch(() => {});
    return written;
  }

  /** The newest machine of this name in the journal, when its first process is still the same. */
  async #runningMachine(): Promise<Machine | undefined> {
    const { folder, node } = this.#options;
    const entries = await readJournal(folder.journal);
    const init = entries.filter((entry) => entry.type === "machine" && entry.node === node.name).at(-1);
    if (init?.type !== "machine" || !(await isAlive(init))) return undefined;
    return { node, folder: folder.machine(node.name), init, cgroup: machineCgroup(this.#config, node.name) };
  }

  #newMachine(): Promise<Machine> {
    const { node, folder, fabric, journal, program, seedMachine } = this.#options;
    const config = this.#config;
    const compileCache = path.join(program.root, ".cache/compile");
    return startMachine({
      config,
      node,
      folder: folder.machine(node.name),
      fabric,
      journal,
      shared: [program.root],
      binds: {
        [compileCache]: compileCache,
        [MACHINE_CREDENTIALS]: credentialsFolder(folder, node.name),
        ...(isControlPlane(config, node) && { [CONTROL_PLANE_PKI]: folder.pki, [CONTROL_PLANE_STORE]: folder.store }),
      },
      nameServers: uplinkNameServers(config),
      filled: seedMachine(node.name),
    });
  }

  /** The command that described the machine makes its credentials: `up`, while machines are started, or `node add`. */
  #credentials(): Promise<void> {
    const { folder, node } = this.#options;
    const missing = () => (hasCredentials(folder, node.name) ? undefined : "they are not there");
    return waitFor(`the credentials of ${node.name}`, missing, this.#stopping.signal);
  }

  #startPrograms(machine: Machine, specs: readonly ProgramSpec[]): KeptProgram[] {
    const { node, folder, door, journal, log } = this.#options;
    return specs.map((spec) =>
      keepProgram({
        name: programName(node, spec.role),
        command: [...waitInMachine(machine.init, spec.env), ...spec.command],
        logFile: path.join(folder.logs, `${node.name}-${spec.role}.log`),
        onEnd: () => void this.#onProgramEnd(),
        ...(spec.takesConnections && { door }),
        journal,
        log,
      }),
    );
  }
}

function programName(node: NodeConfig, role: ProgramRole): string {
  return `${node.name}/${role}`;
}
