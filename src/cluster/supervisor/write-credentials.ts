import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { kubeconfigJson } from "@fairlead/client/kubeconfig/new-context";
import { PAUSE_IMAGE } from "@fairlead/images/local-images";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import type { ClusterConfig, NodeConfig } from "../description/cluster-config.ts";
import { API_SECURE_PORT, controlPlaneAddress } from "../description/cluster-config.ts";
import type { StateFolder } from "../description/state-folder.ts";
import { cniPluginFolder } from "../machines/cni-plugin-folder.ts";
import { containerdConfig } from "../machines/containerd-config.ts";
import type { KeyPair } from "../pki/pki-files.ts";
import { type NodePkiFiles, pkiFiles, readKeyPair } from "../pki/pki-files.ts";
import { registryAuthToml } from "../registries/hosts-files.ts";
import { writeHostsFiles } from "../registries/write-hosts-files.ts";
import { CNI_CONFIG_FOLDER, MACHINE_CREDENTIALS, RUNTIME_SOCKET } from "./program-spec.ts";

/** The folder that one machine sees as `/etc/fairlead`. */
export function credentialsFolder(folder: StateFolder, nodeName: string): string {
  return path.join(folder.kubeconfigs, nodeName);
}

const NODE_IDENTITIES = ["kubelet", "proxy", "podNetwork", "dns"] as const satisfies readonly (keyof NodePkiFiles)[];

/** File names of a machine's kubeconfig files, by identity. */
export const KUBECONFIG_FILES: Readonly<Record<(typeof NODE_IDENTITIES)[number], string>> = {
  kubelet: "kubelet.kubeconfig",
  proxy: "proxy.kubeconfig",
  podNetwork: "podnetwork.kubeconfig",
  dns: "dns.kubeconfig",
};

/** Writes what the programs of one machine need to find and trust the API server. They may run and read it meanwhile. */
export async function writeCredentials(folder: StateFolder, config: ClusterConfig, node: NodeConfig): Promise<void> {
  const target = credentialsFolder(folder, node.name);
  const pki = pkiFiles(folder.pki);
  const files = pki.node(node.name);
  await mkdir(target, { recursive: true, mode: 0o700 });
  const [ca, kubeletServer] = await Promise.all([mustRead(pki.ca), mustRead(files.kubeletServer)]);
  const server = `https://${controlPlaneAddress(config)}:${API_SECURE_PORT}`;
  await Promise.all([
    writeFileAtomically(path.join(target, "ca.crt"), ca.certificate),
    writeFileAtomically(path.join(target, "kubelet-server.crt"), kubeletServer.certificate),
    writeFileAtomically(path.join(target, "kubelet-server.key"), kubeletServer.key),
    ...NODE_IDENTITIES.map(async (identity) => {
      const client = await mustRead(files[identity]);
      const { certificate: clientCertificate, key: clientKey } = client;
      const text = kubeconfigJson({ name: config.name, server, ca: ca.certificate, clientCertificate, clientKey });
      await writeFileAtomically(path.join(target, KUBECONFIG_FILES[identity]), text);
    }),
  ]);
  await writeFile(completionFile(folder, node.name), "");
}

/** Whether a machine has all of its credentials: they may be being made by another process. */
export function hasCredentials(folder: StateFolder, nodeName: string): boolean {
  return existsSync(completionFile(folder, nodeName));
}

/** Written when everything else is there. */
function completionFile(folder: StateFolder, nodeName: string): string {
  return path.join(credentialsFolder(folder, nodeName), "complete");
}

/** Writes how the containerd of one machine is set up, and where it pulls from. */
export async function writeRuntimeConfig(folder: StateFolder, config: ClusterConfig, node: NodeConfig): Promise<void> {
  const target = credentialsFolder(folder, node.name);
  const registries = config.registries ?? { mirrors: [], hosts: [] };
  await mkdir(path.join(target, "registry"), { recursive: true, mode: 0o700 });
  const text = containerdConfig({
    socket: RUNTIME_SOCKET,
    sandboxImage: PAUSE_IMAGE,
    cniConfigFolder: CNI_CONFIG_FOLDER,
    cniPluginFolder: await cniPluginFolder(),
    // Manual edits of the first take precedence over the flags of `up`.
    registryConfigFolders: [`${MACHINE_CREDENTIALS}/registry`, `${MACHINE_CREDENTIALS}/certs.d`],
    registryAuth: registryAuthToml(registries),
  });
  await Promise.all([
    writeFileAtomically(path.join(target, "containerd.toml"), text),
    writeHostsFiles(path.join(target, "certs.d"), registries),
  ]);
}

async function mustRead(file: string): Promise<KeyPair> {
  const pair = await readKeyPair(file);
  if (pair === undefined) throw new Error(`Cannot read the certificate ${file}.crt and its key`);
  return pair;
}
