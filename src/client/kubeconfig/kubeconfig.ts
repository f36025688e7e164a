import { parse, YAMLError } from "yaml";
import { yamlProblem } from "../../lib/yaml-problem.ts";

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
 * One context of a kubeconfig, by default the current one.
 *
 * @throws {KubeconfigError} when the text is no kubeconfig, or the context, its cluster or its user is not in it.
 */
export function kubeconfigContext(text: string, contextName?: string): KubeconfigContext {
  const config = recordOf(parseYaml(text), "a kubeconfig");
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

/** The name of the current context, if one is set. */
export function currentContext(text: string): string | undefined {
  const name = textOf(recordOf(parseYaml(text) ?? {}, "a kubeconfig")["current-context"]);
  return name === "" ? undefined : name;
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { prettyErrors: false });
  } catch (error) {
    if (error instanceof YAMLError) throw notYaml(text, error);
    throw new KubeconfigError("The kubeconfig is not YAML", { cause: error });
  }
}

/** @param text - Parsed with the option `prettyErrors: false`. */
export function notYaml(text: string, error: YAMLError): KubeconfigError {
  return new KubeconfigError(`The kubeconfig is not YAML: ${yamlProblem(text, error)}`, { cause: error });
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
