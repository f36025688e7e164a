import { stringify } from "yaml";
import type { KeyPair } from "./pki/certificate-authority.ts";

/** A kubeconfig file with one cluster, one user and one context. */
export function kubeconfigText(options: {
  /** Of the context, and of its cluster and user. */
  readonly name: string;
  /** `https://127.0.0.1:6443`. */
  readonly server: string;
  /** PEM. */
  readonly certificateAuthority: string;
  readonly client: KeyPair;
}): string {
  const { name, client } = options;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: { server: options.server, "certificate-authority-data": base64(options.certificateAuthority) },
      },
    ],
    users: [
      {
        name,
        user: { "client-certificate-data": base64(client.certificate), "client-key-data": base64(client.key) },
      },
    ],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
