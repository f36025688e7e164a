/** A context to add, with a cluster and a user of the same name. */
export interface NewContext {
  readonly name: string;
  /** `https://127.0.0.1:6443` */
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  /** PEM. */
  readonly clientCertificate: string;
  /** PEM. */
  readonly clientKey: string;
  readonly namespace?: string;
}

/** One cluster, user or context of a kubeconfig. */
export interface Entry {
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Returns a context's entry in each list of a kubeconfig. */
export function entriesOf(context: NewContext): Readonly<Record<"clusters" | "users" | "contexts", Entry>> {
  const { name, server, namespace } = context;
  return {
    clusters: { name, cluster: { "certificate-authority-data": base64(context.ca), server } },
    users: {
      name,
      user: {
        "client-certificate-data": base64(context.clientCertificate),
        "client-key-data": base64(context.clientKey),
      },
    },
    contexts: { name, context: { cluster: name, user: name, ...(namespace !== undefined && { namespace }) } },
  };
}

/** Returns a kubeconfig with nothing but a context, selected, as JSON: programs read it faster than YAML. */
export function kubeconfigJson(context: NewContext): string {
  const { clusters, users, contexts } = entriesOf(context);
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [clusters],
    users: [users],
    contexts: [contexts],
    "current-context": context.name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
