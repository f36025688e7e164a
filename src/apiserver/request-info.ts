import { queryBoolean } from "../lib/query-value.ts";

/** What a request asks for, read off its method and URL. Grammar: https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export type RequestInfo = ResourceRequestInfo | PathRequestInfo;

/** A request about objects: `/api/v1/...` or `/apis/GROUP/VERSION/...`. */
export interface ResourceRequestInfo {
  readonly type: "resource";
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; for anything else the method in lower case. */
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural in the path. */
  readonly resource: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Empty for cluster-wide requests. A request for the Namespace `x` itself has the namespace `x`. */
  readonly namespace: string;
  /** Empty for the whole collection. */
  readonly name: string;
  /** Of a request for a collection: what an authorizer may look at. Empty for none. */
  readonly fieldSelector: string;
  /** Behind the subresource: `metrics/cadvisor` of `.../proxy/metrics/cadvisor`. Usually empty. */
  readonly rest: string;
  /** Whether the namespace comes from the path, so that a namespaced kind was addressed inside one. */
  readonly inNamespace: boolean;
}

/** Everything else: discovery, health, version, documents. */
export interface PathRequestInfo {
  readonly type: "path";
  /** The method in lower case. */
  readonly verb: string;
  readonly path: string;
}

const NAMESPACE_SUBRESOURCES = new Set(["status", "finalize"]);

const VERBS: Readonly<Record<string, string>> = {
  POST: "create",
  GET: "get",
  HEAD: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/**
 * Takes a method, a percent-encoded path and its query apart.
 *
 * @throws {URIError} when the path holds a percent sign that encodes nothing.
 */
export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const parts = path.split("/").filter((part) => part !== "");
  const grouped = parts[0] === "apis";
  const head = grouped ? 3 : 2;
  if ((parts[0] !== "api" && !grouped) || parts.length <= head) {
    return { type: "path", verb: method.toLowerCase(), path: decodeURIComponent(path) };
  }
  const deprecatedWatch = parts[head] === "watch" && parts.length > head + 1;
  const decoded = parts.map(decodeURIComponent);
  const target = resourcePath(decoded.slice(deprecatedWatch ? head + 1 : head));
  const selector = target.name === "" ? plainFieldSelector(query) : "";
  const selectedName = method === "GET" ? nameInFieldSelector(selector) : "";
  return {
    type: "resource",
    verb: deprecatedWatch ? "watch" : verbOf(method, target.name, query),
    group: grouped ? (decoded[1] ?? "") : "",
    version: decoded[head - 1] ?? "",
    ...target,
    name: target.name === "" ? selectedName : target.name,
    fieldSelector: selector,
  };
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  const verb = VERBS[method] ?? method.toLowerCase();
  if (name !== "") return verb;
  if (verb === "get") return queryBoolean(query.get("watch")) ? "watch" : "list";
  return verb === "delete" ? "deletecollection" : verb;
}

function resourcePath(parts: readonly string[]) {
  const [first, namespace, third] = parts;
  const inside = first === "namespaces" && third !== undefined && !NAMESPACE_SUBRESOURCES.has(third);
  const [resource = "", name = "", subresource = "", ...rest] = inside ? parts.slice(2) : parts;
  return {
    resource,
    name,
    subresource,
    rest: rest.join("/"),
    namespace: first === "namespaces" ? (namespace ?? "") : "",
    inNamespace: inside,
  };
}

/** Authorizers read selectors term by term. In one with escapes a term may be part of a value: they are not shown it. */
function plainFieldSelector(query: URLSearchParams): string {
  const selector = query.get("fieldSelector") ?? "";
  return selector.includes("\\") ? "" : selector;
}

/** A list or watch of one name is authorized as a request for that name. */
function nameInFieldSelector(selector: string): string {
  const match = /(?:^|,)metadata\.name==?([^,=!]+)(?:,|$)/.exec(selector);
  return match?.[1] ?? "";
}
