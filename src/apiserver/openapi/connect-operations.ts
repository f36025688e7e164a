import type { Kind, Subresource } from "@fairlead/api/kind";
import { operationId, tagOf } from "./operation-names.ts";
import type { Operation } from "./operations.ts";

const EXEC = ["container", "stderr", "stdin", "stdout", "tty"];

/** Parameters of connections, by the kind that holds them. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  PodExecOptions: ["command", ...EXEC],
  PodAttachOptions: EXEC,
  PodPortForwardOptions: ["ports"],
  PodProxyOptions: ["path"],
  ServiceProxyOptions: ["path"],
  NodeProxyOptions: ["path"],
};

const METHODS = {
  get: ["get", "head", "options"],
  create: ["post"],
  update: ["put"],
  patch: ["patch"],
  delete: ["delete"],
} as const;

/** A subresource that leads out of the API: to a process, a port or a server. */
export interface Connection {
  readonly kind: Kind;
  readonly sub: Subresource;
  /** `Exec` */
  readonly suffix: string;
  readonly path: string;
}

/** Every way to connect, for proxies also to each path behind them. */
export function connectOperations({ kind, sub, suffix, path }: Connection): readonly Operation[] {
  const isProxy = sub.name === "proxy";
  // A stream begins with GET or POST; the other two would be none.
  const methods = sub.verbs
    .flatMap((verb) => METHODS[verb])
    .filter((method) => isProxy || (method !== "head" && method !== "options"));
  const operation = (method: Operation["method"], where: string, end: string): Operation => {
    const title = method.charAt(0).toUpperCase() + method.slice(1);
    const scope = kind.namespaced ? "Namespaced" : "";
    const name = { scope: "", kind: title, suffix: `${scope}${kind.kind}${suffix}${end}` } as const;
    return {
      path: where,
      method,
      action: "connect",
      id: operationId("connect", kind, name),
      tag: tagOf(kind),
      description: `connect ${method.toUpperCase()} requests to ${sub.name} of ${kind.kind}`,
      gvk: { group: sub.group ?? kind.group, version: sub.version ?? kind.version, kind: sub.kind },
      query: PARAMETERS[sub.kind] ?? [],
      answers: { "200": { schema: undefined, types: ["*/*"] } },
    };
  };
  return [
    ...methods.map((method) => operation(method, path, "")),
    ...(isProxy ? methods.map((method) => operation(method, `${path}/{path}`, "WithPath")) : []),
  ];
}
