import { readdir } from "node:fs/promises";
import path from "node:path";
import { ExpectedError } from "@fairlead/lib/expected-error";
import type { StateFolder } from "./state-folder.ts";

/** The log of one of the cluster's programs. */
export interface ProgramLog {
  /** As `fairlead status` has it: `fairlead-1/server`, `uplink`, `supervisor`. */
  readonly program: string;
  readonly file: string;
}

/** The logs that there are, by their programs' names. None before the cluster was started for the first time. */
export async function programLogs({ name, logs }: StateFolder): Promise<readonly ProgramLog[]> {
  const files = await readdir(logs).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  return files
    .filter((file) => file.endsWith(".log"))
    .sort()
    .map((file) => ({ program: programName(file.slice(0, -".log".length), name), file: path.join(logs, file) }));
}

/** Node names are the cluster's with a number behind it. */
function programName(fileName: string, cluster: string): string {
  const [, number, program] = /^-(\d+)-(.+)$/.exec(fileName.slice(cluster.length)) ?? [];
  return fileName.startsWith(cluster) && number !== undefined ? `${cluster}-${number}/${program}` : fileName;
}

/**
 * The log that is meant: by the program's name, with `-` for `/` as well, or by the part behind the node's name where
 * only one node has such a program.
 *
 * @throws {ExpectedError} when there is none, or more than one.
 */
export function chooseLog(logs: readonly ProgramLog[], wanted: string): ProgramLog {
  const named = logs.find(({ program }) => program === wanted || program.replace("/", "-") === wanted);
  const meant = named === undefined ? logs.filter(({ program }) => program.split("/")[1] === wanted) : [named];
  const [only, second] = meant;
  if (only !== undefined && second === undefined) return only;
  const names = (meant.length > 0 ? meant : logs).map(({ program }) => program).join(", ");
  throw new ExpectedError(
    meant.length > 0
      ? `Cannot tell which program "${wanted}" is: there is ${names}`
      : `Cannot find the program "${wanted}": there is ${names || "no log yet"}`,
  );
}
