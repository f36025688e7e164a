import type { ClusterConfig } from "../description/cluster-config.ts";
import { machineCgroup } from "../description/cluster-names.ts";
import { removeResource } from "../journal/resources.ts";
import { pkiFiles } from "../pki/pki-files.ts";
import type { KeptMachine, KeptMachineOptions } from "./kept-machine.ts";
import { keepMachine } from "./kept-machine.ts";
import type { MachineStatus } from "./status.ts";
import { credentialsFolder } from "./write-credentials.ts";

/** The machines of a cluster, which follow its description. */
export interface KeptMachines {
  /**
   * Starts the machines that are new in the description, takes those away that are no longer in it, with what they have
   * stored, and has the others follow it. Resolves when the last two are done.
   */
  follow(config: ClusterConfig): Promise<void>;
  status(): readonly MachineStatus[];
  stop(): Promise<void>;
}

/** Keeps no machine yet: {@link KeptMachines.follow} names them. */
export function keepMachines(options: Omit<KeptMachineOptions, "config" | "node">): KeptMachines {
  const machines = new Map<string, KeptMachine>();
  return {
    async follow(config) {
      const wanted = new Set(config.nodes.map((node) => node.name));
      const staying = [...machines.values()].filter(({ node }) => wanted.has(node.name));
      for (const node of config.nodes.filter(({ name }) => !machines.has(name))) {
        const machine = keepMachine({ ...options, config, node });
        // Why it could not be started is in its status, and it is tried again.
        machine.started.catch((error) => options.log.error("Cannot start a machine", { machine: node.name, error }));
        machines.set(node.name, machine);
      }
      const gone = [...machines.values()].filter(({ node }) => !wanted.has(node.name));
      for (const machine of gone) machines.delete(machine.node.name);
      await Promise.all([
        ...gone.map((machine) => takeAway(options, config, machine)),
        ...staying.map((machine) => machine.follow(config)),
      ]);
    },
    status: () => [...machines.values()].map((machine) => machine.status()),
    async stop() {
      await Promise.all([...machines.values()].map((machine) => machine.stop()));
    },
  };
}

async function takeAway(
  { folder }: Pick<KeptMachineOptions, "folder">,
  config: ClusterConfig,
  machine: KeptMachine,
): Promise<void> {
  const { name } = machine.node;
  await machine.stop();
  await removeResource({ type: "cgroup", path: machineCgroup(config, name) });
  const { run, root } = folder.machine(name);
  for (const path of [run, root, credentialsFolder(folder, name), pkiFiles(folder.pki).node(name).folder]) {
    await removeResource({ type: "folder", path });
  }
}
