import { readFile } from "node:fs/promises";
import { KubeconfigError, kubeconfigContext } from "@fairlead/client/kubeconfig/kubeconfig";
import { readKubeconfigFile } from "@fairlead/client/kubeconfig/kubeconfig-file";
import { kubeconfigServer } from "@fairlead/client/kubeconfig/kubeconfig-transport";
import type { HttpsTransportOptions } from "@fairlead/client/transport/https-transport";
import { ExpectedError } from "@fairlead/lib/expected-error";
import { fileProblem, isSystemError } from "@fairlead/lib/file-problem";
import { DEFAULT_CLUSTER, isForRoot, knownCluster } from "../description/clusters.ts";
import { contextName, kubeconfigFile } from "./kubeconfig-record.ts";
import { localAdminServer } from "./local-admin-client.ts";

/** Which API server is meant. */
export interface ServerChoice {
  /** A local cluster's name; counts when neither of the others is given. Default: `fairlead`, or the only one. */
  readonly name: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
}

export interface ChosenServer {
  readonly server: HttpsTransportOptions;
  /** The context's, or `default`. */
  readonly namespace: string;
}

/**
 * The API server of a kubeconfig's context where one is named; else of a local cluster: by its files for root, by its
 * context in the user's kubeconfig for others.
 *
 * @throws {ExpectedError} when there is no such cluster, file or context.
 */
export async function chooseServer({ name, kubeconfig, context }: ServerChoice): Promise<ChosenServer> {
  if (kubeconfig !== undefined || context !== undefined) return await ofContext(kubeconfig, context);
  try {
    const { folder, config } = await knownCluster(name);
    return { server: await localAdminServer(folder, config), namespace: "default" };
  } catch (error) {
    if (!isForRoot(error)) throw error;
    return await ofContext(undefined, contextName(name ?? DEFAULT_CLUSTER));
  }
}

async function ofContext(file: string | undefined, context: string | undefined): Promise<ChosenServer> {
  const target = await kubeconfigFile(file);
  try {
    const text = file === undefined ? await readKubeconfigFile(target) : await readFile(target, "utf8");
    const { namespace } = await kubeconfigContext(text === "" ? "{}" : text, context);
    return { server: await kubeconfigServer(target, { context }), namespace };
  } catch (error) {
    const isForUser = error instanceof KubeconfigError || isSystemError(error);
    if (!isForUser) throw error;
    throw new ExpectedError(`Cannot use the kubeconfig ${target}: ${fileProblem(error)}`, { cause: error });
  }
}
