import { readFile } from "node:fs/promises";
import path from "node:path";
import type { HttpsTransportOptions } from "../transport/https-transport.ts";
import { createHttpsTransport } from "../transport/https-transport.ts";
import type { Transport } from "../transport/transport.ts";
import { KubeconfigError, kubeconfigContext } from "./kubeconfig.ts";

export interface KubeconfigTransportOptions {
  /** Default: the current context. */
  readonly context?: string | undefined;
  readonly userAgent?: string | undefined;
}

/**
 * A transport to the API server of a kubeconfig's context, with its credentials.
 *
 * @throws {KubeconfigError} when the file lacks something, or asks for credentials that are not supported.
 */
export async function kubeconfigTransport(file: string, options: KubeconfigTransportOptions = {}): Promise<Transport> {
  return createHttpsTransport(await kubeconfigServer(file, options));
}

/** How a kubeconfig's context reaches its API server, and as whom. Throws as {@link kubeconfigTransport}. */
export async function kubeconfigServer(
  file: string,
  options: KubeconfigTransportOptions = {},
): Promise<HttpsTransportOptions> {
  const { cluster, user } = await kubeconfigContext(await readFile(file, "utf8"), options.context);
  for (const field of ["exec", "auth-provider", "username"] as const) {
    if (user[field] !== undefined) throw new KubeconfigError(`users[].user.${field} is not supported`);
  }
  const folder = path.dirname(file);
  const tokenFile = user.tokenFile;
  return {
    server: cluster.server,
    ca: await pem(folder, cluster["certificate-authority"], cluster["certificate-authority-data"]),
    clientCertificate: await pem(folder, user["client-certificate"], user["client-certificate-data"]),
    clientKey: await pem(folder, user["client-key"], user["client-key-data"]),
    token: tokenFile === undefined ? user.token : () => readToken(path.resolve(folder, tokenFile)),
    serverName: cluster["tls-server-name"],
    insecure: cluster["insecure-skip-tls-verify"],
    userAgent: options.userAgent,
  };
}

/** Relative names are relative to the kubeconfig, as in kubectl. */
async function pem(folder: string, file: string | undefined, data: string | undefined): Promise<string | undefined> {
  if (data !== undefined) return Buffer.from(data, "base64").toString();
  return file === undefined ? undefined : readFile(path.resolve(folder, file), "utf8");
}

/** Read for every request: the file's owner renews it. */
async function readToken(file: string): Promise<string> {
  return (await readFile(file, "utf8")).trim();
}
