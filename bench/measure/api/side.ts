import { readFile } from "node:fs/promises";
import { kubeconfigContext } from "../../../src/client/kubeconfig/kubeconfig.ts";
import type { Access } from "../connection.ts";

/** One of the API servers that are compared. */
export interface Side {
  readonly access: Access;
  /** Its processes, with those of its store. Empty when they are not known: then its processor time is not, either. */
  readonly pids: readonly number[];
}

/**
 * Returns where the server of a kubeconfig's current context is, and the user's client certificate.
 *
 * @throws {KubeconfigError} when the text is no kubeconfig. An Error when certificates are not in the file itself.
 */
export async function accessOfKubeconfig(file: string): Promise<Access> {
  const { cluster, user } = await kubeconfigContext(await readFile(file, "utf8"));
  const pem = (data: string | undefined, field: string) => {
    if (data === undefined) throw new Error(`Cannot use kubeconfig "${file}": it has no ${field}`);
    return Buffer.from(data, "base64").toString();
  };
  return {
    server: cluster.server,
    ca: pem(cluster["certificate-authority-data"], "certificate-authority-data"),
    cert: pem(user["client-certificate-data"], "client-certificate-data"),
    key: pem(user["client-key-data"], "client-key-data"),
  };
}
