import { readdir } from "node:fs/promises";
import path from "node:path";
import { ExpectedError } from "@fairlead/lib/expected-error";
import type { ClusterConfig } from "./cluster-config.ts";
import { readClusterConfig } from "./cluster-config.ts";
import { type StateFolder, stateFolder, stateHome } from "./state-folder.ts";

/** A local cluster that has a state folder, running or not. */
export interface KnownCluster {
  readonly folder: StateFolder;
  readonly config: ClusterConfig;
}

/** The name of the cluster when none is given. */
export const DEFAULT_CLUSTER = "fairlead";

/**
 * Every cluster with a state folder, by name. One whose `up` ended before it was described is left out.
 *
 * @throws {ExpectedError} to others than root.
 */
export function knownClusters(): Promise<readonly KnownCluster[]> {
  return forRoot(readClusters());
}

async function readClusters(): Promise<readonly KnownCluster[]> {
  const clusters = path.join(stateHome().state, "clusters");
  const names = await readdir(clusters).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const folder = stateFolder(name);
      const config = await readClusterConfig(folder.config);
      return config === undefined ? [] : [{ folder, config }];
    }),
  );
  return found.flat();
}

/**
 * The cluster of that name; without one the cluster `fairlead`, or the only cluster.
 *
 * @throws {ExpectedError} when there is no such cluster, and to others than root.
 */
export async function knownCluster(name?: string): Promise<KnownCluster> {
  const folder = stateFolder(name ?? DEFAULT_CLUSTER);
  const config = await forRoot(readClusterConfig(folder.config));
  if (config !== undefined) return { folder, config };
  const others = await knownClusters();
  const [only] = others;
  if (name === undefined && only !== undefined && others.length === 1) return only;
  throw new ExpectedError(
    noCluster(
      name,
      others.map((c) => c.config.name),
    ),
  );
}

function noCluster(name: string | undefined, others: readonly string[]): string {
  if (name === undefined && others.length > 1) {
    return `Cannot tell which cluster is meant: there is ${others.join(", ")}; name one with --name`;
  }
  const hint = others.length === 0 ? 'there is none; "fairlead up" makes one' : `there is ${others.join(", ")}`;
  return `Cannot find the cluster "${name ?? DEFAULT_CLUSTER}": ${hint}`;
}

async function forRoot<T>(reading: Promise<T>): Promise<T> {
  return reading.catch((error: unknown) => {
    if (!isForRoot(error)) throw error;
    const why = "Cannot read the files of clusters as an ordinary user: they belong to root; type sudo in front";
    throw new ExpectedError(why, { cause: error });
  });
}

/** Whether it says that the user of this program may not read the files of clusters. */
export function isForRoot(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === "EACCES" || code === "EPERM" || isForRoot(error.cause);
}
