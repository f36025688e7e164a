type PlainType = "healthz" | "metrics" | "pods" | "runningpods" | "statsSummary";

/** What a path of the kubelet's endpoint asks for. Names are decoded. */
export type Route =
  | { readonly type: PlainType }
  | ContainerRoute
  | {
      readonly type: "nodeLogs";
      /** Below `/logs`: empty or beginning with `/`. */
      readonly path: string;
    }
  | {
      readonly type: "portForward";
      readonly namespace: string;
      readonly pod: string;
      readonly uid: string | undefined;
    };

export interface ContainerRoute {
  readonly type: "containerLogs" | "exec" | "attach" | "run";
  readonly namespace: string;
  readonly pod: string;
  /** When given, the pod must be this very one. */
  readonly uid: string | undefined;
  readonly container: string;
}

const plainRoutes: Readonly<Record<string, PlainType>> = {
  "/healthz": "healthz",
  "/metrics": "metrics",
  "/pods": "pods",
  "/runningpods": "runningpods",
  "/runningpods/": "runningpods",
  "/stats/summary": "statsSummary",
};

/** @returns undefined for a path that means nothing here. */
export function route(path: string): Route | undefined {
  const plain = plainRoutes[path];
  if (plain !== undefined) return { type: plain };

  const [, below] = /^\/logs(\/.*)?$/s.exec(path) ?? [];
  if (path === "/logs" || below !== undefined) {
    const [file] = decoded([below ?? ""]) ?? [];
    return file === undefined ? undefined : { type: "nodeLogs", path: file };
  }
  const parts = decoded(path.slice(1).split("/"));
  if (parts === undefined || parts.some((part) => part === "")) return undefined;
  const [type, namespace, pod, third, fourth, ...more] = parts;
  if (namespace === undefined || pod === undefined || more.length > 0) return undefined;
  switch (type) {
    case "containerLogs":
      return third === undefined || fourth !== undefined
        ? undefined
        : { type, namespace, pod, uid: undefined, container: third };
    case "exec":
    case "attach":
    case "run":
      if (third === undefined) return undefined;
      return fourth === undefined
        ? { type, namespace, pod, uid: undefined, container: third }
        : { type, namespace, pod, uid: third, container: fourth };
    case "portForward":
      return fourth === undefined ? { type, namespace, pod, uid: third } : undefined;
    default:
      return undefined;
  }
}

function decoded(parts: readonly string[]): string[] | undefined {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
