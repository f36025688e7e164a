/** How to reach one API server as one user: a context of a kubeconfig, with its cluster and user. */
export interface KubeconfigContext {
  readonly name: string;
  readonly namespace: string;
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
}

/** Field names are the file's own. Of a pair `x` (a file's name) and `x-data` (base64) the latter counts. */
export interface KubeconfigCluster {
  readonly server: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "tls-server-name"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
}

export interface KubeconfigUser {
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly exec?: unknown;
  readonly "auth-provider"?: unknown;
}

/** The file does not say what was asked of it. The message names the part that is wrong or missing. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
}

/**
 * Returns one context of a kubeconfig in YAML or JSON, by default the current one.
 *
 * @throws {KubeconfigError} when the text is no kubeconfig, or the context, its cluster or its user is not in it.
 */
export async function kubeconfigContext(text: string, contextName?: string): Promise<KubeconfigContext> {
  const config = recordOf(await parseText(text), "a kubeconfig");
  const name = contextName ?? textOf(config["current-context"]);
  if (name === undefined || name === "") throw new KubeconfigError("The kubeconfig has no current context");
  const context = named(config, "contexts", "context", name);
  const clusterName = textOf(context.cluster) ?? "";
  const cluster = named(config, "clusters", "cluster", clusterName);
  const server = textOf(cluster.server);
  if (server === undefined) throw new KubeconfigError(`The cluster ${JSON.stringify(clusterName)} has no server`);
  const userName = textOf(context.user);
  return {
    name,
    namespace: textOf(context.namespace) ?? "default",
    // The fields are optional and only read by name; what they hold is checked where it is used.
    cluster: { ...cluster, server } as KubeconfigCluster,
    user: userName === undefined ? {} : named(config, "users", "user", userName),
  };
}

/** Returns the name of the current context, if one is set. */
export async function currentContext(text: string): Promise<string | undefined> {
  const name = textOf(recordOf((await parseText(text)) ?? {}, "a kubeconfig")["current-context"]);
  return name === "" ? undefined : name;
}

/** Programs of a cluster read JSON, and start without the YAML parser. */
async function parseText(text: string): Promise<unknown> {
  const json = text.startsWith("{") ? parseJson(text) : undefined;
  if (json !== undefined) return json;
  const { parseYaml } = await import("./parse-yaml.ts");
  return parseYaml(text);
}

/** Returns `undefined` for text that is not JSON: `{a: b}` is YAML, too. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function named(config: Record<string, unknown>, list: string, field: string, name: string): Record<string, unknown> {
  const entries = Array.isArray(config[list]) ? config[list] : [];
  const entry = entries.map((e) => recordOf(e, `an entry of ${list}`)).find((e) => e.name === name);
  if (entry === undefined) throw new KubeconfigError(`The kubeconfig has no ${field} ${JSON.stringify(name)}`);
  return recordOf(entry[field] ?? {}, `${field} ${JSON.stringify(name)}`);
}

function recordOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new KubeconfigError(`Cannot read ${what}: not a map`);
  // Just checked; every value is looked at before it is used.
  return value as Record<string, unknown>;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
