import path from "node:path";
import { readIfThere } from "@fairlead/lib/read-if-there";

/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** The files of a certificate and its key, without `.crt` and `.key`. */
export interface PkiFiles {
  readonly ca: string;
  readonly apiServer: string;
  readonly apiServerKubeletClient: string;
  readonly serviceAccountKey: string;
  readonly admin: string;
  node(nodeName: string): NodePkiFiles;
}

/** The identities that one node's programs have. */
export interface NodePkiFiles {
  readonly kubelet: string;
  readonly kubeletServer: string;
  readonly proxy: string;
  readonly podNetwork: string;
  readonly dns: string;
  /** Holds all of them, and nothing else. */
  readonly folder: string;
}

/** Where the certificates of a cluster lie below its folder. */
export function pkiFiles(folder: string): PkiFiles {
  const file = (...parts: string[]) => path.join(folder, ...parts);
  return {
    ca: file("ca"),
    apiServer: file("apiserver"),
    apiServerKubeletClient: file("apiserver-kubelet-client"),
    serviceAccountKey: file("sa.key"),
    admin: file("admin"),
    node: (name) => ({
      kubelet: file("nodes", name, "kubelet"),
      kubeletServer: file("nodes", name, "kubelet-server"),
      proxy: file("nodes", name, "proxy"),
      podNetwork: file("nodes", name, "podnetwork"),
      dns: file("nodes", name, "dns"),
      folder: file("nodes", name),
    }),
  };
}

/** Undefined unless both files are there: a pair is written key last. */
export async function readKeyPair(file: string): Promise<KeyPair | undefined> {
  const [certificate, key] = await Promise.all([readIfThere(`${file}.crt`), readIfThere(`${file}.key`)]);
  return certificate === undefined || key === undefined ? undefined : { certificate, key };
}
