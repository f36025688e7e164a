import path from "node:path";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { type ClusterIdentity, scopeOf } from "./cluster-names.ts";

/** Where everything of one local cluster lies. */
export interface StateFolder extends ClusterIdentity {
  /** Survives a reboot; `down` removes it. */
  readonly root: string;
  /** Sockets and mount points, on a tmpfs; `down` removes it, and so does a reboot. */
  readonly runRoot: string;
  readonly config: string;
  readonly journal: string;
  readonly pki: string;
  readonly kubeconfigs: string;
  readonly store: string;
  readonly logs: string;
  /** HTTP over a unix socket: what the supervisor does, and orders for it. */
  readonly supervisorSocket: string;
  machine(nodeName: string): MachineFolder;
}

/** Where everything of one machine lies. */
export interface MachineFolder {
  readonly root: string;
  /** What was written to the machine's file system. */
  readonly upper: string;
  readonly work: string;
  /** Where the machine's root is put together. */
  readonly mountPoint: string;
  /** The root folder of the machine's containerd. */
  readonly containerd: string;
  /** Holds the name of the image template that `containerd` was copied from. Missing when it was not. */
  readonly seed: string;
  /** Folders that must be on a real file system, by the path they have in the machine. */
  readonly binds: Readonly<Record<string, string>>;
  /** On the host's tmpfs; seen in the machine as `/run/fairlead`. */
  readonly run: string;
  /** The container runtime's socket, as the host sees it. */
  readonly runtimeSocket: string;
}

/** `FAIRLEAD_HOME` moves the state of all clusters of a user or a test elsewhere. */
export function stateHome(env: NodeJS.ProcessEnv = process.env): StateHome {
  const home = env.FAIRLEAD_HOME;
  if (home === undefined || home === "") {
    return { state: "/var/lib/fairlead", run: "/run/fairlead", scope: scopeOf(undefined) };
  }
  const folder = path.resolve(home);
  return { state: path.join(folder, "state"), run: path.join(folder, "run"), scope: scopeOf(folder) };
}

/** Where all clusters of one scope lie. */
export interface StateHome {
  readonly state: string;
  readonly run: string;
  readonly scope: string;
}

/** Where the archives of the images made here, and containerd's folder with them in it, are kept for all clusters. */
export function imageCacheFolder(home = stateHome()): string {
  return path.join(home.state, "cache", "images");
}

/** @throws {ExpectedError} when the name could not be a folder, a host name and part of an interface's name. */
export function stateFolder(name: string, home = stateHome()): StateFolder {
  if (!/^[a-z]([a-z0-9-]{0,19}[a-z0-9])?$/.test(name)) {
    throw new ExpectedError(
      `Cannot name a cluster "${name}": must be at most 21 lower-case letters, digits and "-", starting with a letter and not ending with "-"`,
    );
  }
  const root = path.join(home.state, "clusters", name);
  const runRoot = path.join(home.run, name);
  return {
    name,
    scope: home.scope,
    root,
    runRoot,
    config: path.join(root, "cluster.json"),
    journal: path.join(root, "journal.jsonl"),
    pki: path.join(root, "pki"),
    kubeconfigs: path.join(root, "kubeconfigs"),
    store: path.join(root, "store"),
    logs: path.join(root, "logs"),
    supervisorSocket: path.join(runRoot, "supervisor.sock"),
    machine: (nodeName) => machineFolder(path.join(root, "machines", nodeName), path.join(runRoot, nodeName)),
  };
}

function machineFolder(root: string, run: string): MachineFolder {
  const containerd = path.join(root, "containerd");
  return {
    root,
    upper: path.join(root, "upper"),
    work: path.join(root, "work"),
    mountPoint: path.join(root, "root"),
    containerd,
    seed: path.join(root, "image-template"),
    binds: {
      "/var/lib/containerd": containerd,
      "/var/lib/kubelet": path.join(root, "kubelet"),
      "/var/log/pods": path.join(root, "pod-logs"),
      "/var/lib/cni": path.join(root, "cni"),
    },
    run,
    runtimeSocket: path.join(run, "containerd.sock"),
  };
}
