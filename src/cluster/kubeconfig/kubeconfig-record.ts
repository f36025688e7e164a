import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import { withContext, withoutContext } from "@fairlead/client/kubeconfig/edit-kubeconfig";
import { currentContext, KubeconfigError } from "@fairlead/client/kubeconfig/kubeconfig";
import {
  defaultKubeconfigFile,
  editKubeconfigFile,
  readKubeconfigFile,
} from "@fairlead/client/kubeconfig/kubeconfig-file";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { fileProblem, isSystemError } from "@fairlead/lib/file-problem";
import { readIfThere } from "@fairlead/lib/read-if-there";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import type { ClusterConfig } from "../description/cluster-config.ts";
import { DEFAULT_CLUSTER } from "../description/clusters.ts";
import type { StateFolder } from "../description/state-folder.ts";
import { pkiFiles, readKeyPair } from "../pki/pki-files.ts";
import { invokingUser, userHome } from "./invoking-user.ts";

/** Which kubeconfig file a cluster's context was put into: what `down` undoes. */
interface KubeconfigRecord {
  readonly file: string;
  readonly context: string;
  /** What was selected before, if anything. */
  readonly previousContext: string | undefined;
  /** The file was not there before. */
  readonly created: boolean;
}

/** `fairlead` for the cluster of that name, `fairlead-NAME` for others, as kind and k3d name theirs. */
export function contextName(clusterName: string): string {
  return clusterName === DEFAULT_CLUSTER ? DEFAULT_CLUSTER : `${DEFAULT_CLUSTER}-${clusterName}`;
}

/** A kubeconfig file for the cluster's administrator, by the host's loopback. */
export async function adminKubeconfig(folder: StateFolder, config: ClusterConfig): Promise<string> {
  return withContext("", await adminContext(folder, config));
}

async function adminContext(folder: StateFolder, config: ClusterConfig) {
  const files = pkiFiles(folder.pki);
  const [ca, admin] = await Promise.all([readKeyPair(files.ca), readKeyPair(files.admin)]);
  if (ca === undefined || admin === undefined) throw new Error(`Cannot read the certificates in ${folder.pki}`);
  return {
    name: contextName(config.name),
    server: `https://127.0.0.1:${config.apiPort}`,
    ca: ca.certificate,
    clientCertificate: admin.certificate,
    clientKey: admin.key,
  };
}

/**
 * Makes sure that a context can be put into a kubeconfig file.
 *
 * @param file - As for {@link selectContext}.
 * @throws {ExpectedError} when the file is there and is no kubeconfig, or cannot be read.
 */
export async function checkKubeconfig(file?: string): Promise<void> {
  const target = await kubeconfigFile(file);
  await expected(target, async () => withoutContext(await readKubeconfigFile(target), ""));
}

/** The kubeconfig file that is meant: by default where kubectl looks, for the user who called `sudo` if one did. */
export async function kubeconfigFile(file?: string): Promise<string> {
  const home = userHome(process.env, await readFile("/etc/passwd", "utf8"));
  return path.resolve(file ?? defaultKubeconfigFile({ ...process.env, ...(home !== undefined && { HOME: home }) }));
}

/** The user's file is for the user to mend. */
async function expected<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isForUser = error instanceof KubeconfigError || isSystemError(error);
    if (!isForUser) throw error;
    throw new ExpectedError(`Cannot use the kubeconfig ${file}: ${fileProblem(error)}`, { cause: error });
  }
}

/**
 * Puts the cluster's context into a kubeconfig file and selects it. Other contexts stay unchanged.
 *
 * @param file - Default: where kubectl looks for it, for the user who called `sudo` if one did.
 * @returns the file.
 */
export async function selectContext(folder: StateFolder, config: ClusterConfig, file?: string): Promise<string> {
  const user = invokingUser(process.env);
  const target = await kubeconfigFile(file);
  const before = await readKubeconfigFile(target);
  const context = await adminContext(folder, config);
  const previous = await currentContext(before);
  const old = await readRecord(folder);
  await writeRecord(folder, {
    file: target,
    context: context.name,
    // A second `up` finds its own context selected: what was before it is still what to go back to.
    previousContext: previous === context.name ? old?.previousContext : previous,
    created: before === "" || old?.created === true,
  });
  await expected(target, () => editKubeconfigFile(target, (text) => withContext(text, context), { owner: user }));
  return target;
}

/** Takes the cluster's context out again. The context selected before comes back only if this one is still selected. */
export async function deselectContext(folder: StateFolder): Promise<void> {
  const record = await readRecord(folder);
  if (record === undefined || (await readKubeconfigFile(record.file)) === "") return;
  const { file, context, previousContext: previous } = record;
  await expected(file, () => editKubeconfigFile(file, (text) => withoutContext(text, context, { previous })));
  if (record.created && isEmptyKubeconfig(await readKubeconfigFile(record.file))) await rm(record.file);
}

function isEmptyKubeconfig(text: string): boolean {
  return !/^\s*- /m.test(text);
}

function recordFile(folder: StateFolder): string {
  return path.join(folder.root, "kubeconfig.json");
}

async function writeRecord(folder: StateFolder, record: KubeconfigRecord): Promise<void> {
  await writeFileAtomically(recordFile(folder), `${JSON.stringify(record)}\n`);
}

async function readRecord(folder: StateFolder): Promise<KubeconfigRecord | undefined> {
  const text = await readIfThere(recordFile(folder));
  return text === undefined ? undefined : (JSON.parse(text) as KubeconfigRecord);
}
