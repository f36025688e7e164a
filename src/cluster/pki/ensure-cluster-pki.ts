import { generateKeyPair, X509Certificate } from "node:crypto";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { readIfThere } from "@fairlead/lib/read-if-there";
import { writeFileAtomically } from "@fairlead/lib/write-file-atomically";
import type { ClusterConfig, NodeConfig } from "../description/cluster-config.ts";
import { apiServiceAddress, controlPlaneAddress } from "../description/cluster-config.ts";
import type { CertificateAuthority, LeafRequest } from "./certificate-authority.ts";
import { createCertificateAuthority, loadCertificateAuthority } from "./certificate-authority.ts";
import type { KeyPair, NodePkiFiles } from "./pki-files.ts";
import { pkiFiles, readKeyPair } from "./pki-files.ts";

/**
 * Makes every certificate of the cluster that is missing or has another subject: they are made once, and read from then on.
 *
 * Names and groups are upstream's: the API server knows each program by its certificate.
 */
export async function ensureClusterPki(folder: string, config: ClusterConfig, now: Date): Promise<void> {
  const files = pkiFiles(folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const ca = await ensureAuthority(files.ca, now);
  await Promise.all([
    ensureServiceAccountKey(files.serviceAccountKey),
    ensureLeaf(ca, files.apiServer, apiServerRequest(config), now),
    ensureLeaf(ca, files.apiServerKubeletClient, client("kube-apiserver-kubelet-client"), now),
    ensureLeaf(ca, files.admin, client("kubernetes-admin", "system:masters"), now),
    ...config.nodes.map((node) => ensureNodePki(ca, files.node(node.name), node, now)),
  ]);
}

async function ensureNodePki(
  ca: CertificateAuthority,
  files: NodePkiFiles,
  node: NodeConfig,
  now: Date,
): Promise<void> {
  await mkdir(path.dirname(files.kubelet), { recursive: true, mode: 0o700 });
  await Promise.all([
    ensureLeaf(ca, files.kubelet, client(`system:node:${node.name}`, "system:nodes"), now),
    ensureLeaf(
      ca,
      files.kubeletServer,
      {
        commonName: `system:node:${node.name}`,
        organizations: ["system:nodes"],
        usage: "server",
        dnsNames: [node.name],
        addresses: [node.address, "127.0.0.1"],
      },
      now,
    ),
    ensureLeaf(ca, files.proxy, client("system:kube-proxy"), now),
    ensureLeaf(ca, files.podNetwork, client("system:fairlead:podnetwork"), now),
    ensureLeaf(ca, files.dns, client(`system:fairlead:dns:${node.name}`, "system:fairlead:dns"), now),
  ]);
}

function client(commonName: string, ...organizations: string[]): LeafRequest {
  return { commonName, organizations, usage: "client" };
}

/** The names are those under which pods, nodes and the host reach the API server. */
function apiServerRequest(config: ClusterConfig): LeafRequest {
  const first = config.nodes.slice(0, 1);
  return {
    commonName: "kube-apiserver",
    usage: "server",
    dnsNames: [
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
      `kubernetes.default.svc.${config.clusterDomain}`,
      "localhost",
      ...first.map((n) => n.name),
    ],
    addresses: [
      "127.0.0.1",
      "::1",
      apiServiceAddress(config),
      controlPlaneAddress(config),
      ...first.map((n) => n.address),
    ],
  };
}

async function ensureAuthority(file: string, now: Date): Promise<CertificateAuthority> {
  const existing = await readKeyPair(file);
  if (existing !== undefined) return await loadCertificateAuthority(existing);
  const ca = await createCertificateAuthority("kubernetes", now);
  await writeKeyPair(file, ca);
  return ca;
}

async function ensureLeaf(ca: CertificateAuthority, file: string, request: LeafRequest, now: Date): Promise<void> {
  const present = await readKeyPair(file);
  if (present !== undefined && subjectOf(present) === subjectText(request)) return;
  await writeKeyPair(file, await ca.issue(request, now));
}

/** An earlier version may have given the program another name or other groups. */
function subjectOf({ certificate }: KeyPair): string {
  return new X509Certificate(certificate).subject;
}

/** The subject as {@link X509Certificate} shows it. */
function subjectText({ organizations = [], commonName }: LeafRequest): string {
  return [...organizations.map((organization) => `O=${organization}`), `CN=${commonName}`].join("\n");
}

/** The key that signs service account tokens: PKCS #8, P-256. */
async function ensureServiceAccountKey(file: string): Promise<void> {
  if ((await readIfThere(file)) !== undefined) return;
  const { privateKey } = await promisify(generateKeyPair)("ec", { namedCurve: "P-256" });
  await writeFileAtomically(file, privateKey.export({ type: "pkcs8", format: "pem" }));
}

async function writeKeyPair(file: string, pair: KeyPair): Promise<void> {
  await writeFileAtomically(`${file}.crt`, pair.certificate, 0o644);
  await writeFileAtomically(`${file}.key`, pair.key);
}
