import { pathSegmentProblems } from "@fairlead/api/names";
import { queryBoolean } from "@fairlead/lib/query-value";

/** What a request asks for, read off its method and URL. Grammar: https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export type RequestInfo = ResourceRequestInfo | PathRequestInfo;

/** A request about objects: `/api/v1/...` or `/apis/GROUP/VERSION/...`. */
export interface ResourceRequestInfo {
  readonly type: "resource";
  /** In capitals. HEAD is GET. */
  readonly method: string;
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`; `proxy` for the path of that name, which no server has any more; empty for any other method. */
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** Whether the path begins with `/apis`: there is no core group below it. */
  readonly isGrouped: boolean;
  readonly version: string;
  /** The plural in the path. */
  readonly resource: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  /** Empty for cluster-wide requests. A request for the Namespace `x` itself has the namespace `x`. */
  readonly namespace: string;
  /** Empty for the whole collection. Of a request for a collection: the name that its field selector asks for. */
  readonly name: string;
  /** Whether the path is that of a collection, whatever the selectors say. */
  readonly isCollection: boolean;
  /** Whether the path begins with `watch/`, as paths of watches did before the parameter of that name. */
  readonly isWatchPath: boolean;
  /** Of a request for a collection: what an authorizer may look at. Empty for none. */
  readonly fieldSelector: string;
  /**
   * Behind the subresource: `metrics/cadvisor` of `.../proxy/metrics/cadvisor`. Usually empty. Cut when it is
   * long: a proxy reads them from the path itself.
   */
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

/** Most parts of a path that are looked at. None behind the ninth names anything. */
const PARTS_MAX = 64;

const NAMESPACE_SUBRESOURCES = new Set(["status", "finalize"]);

const VERBS: ReadonlyMap<string, string> = new Map([
  ["POST", "create"],
  ["GET", "get"],
  ["HEAD", "get"],
  ["PUT", "update"],
  ["PATCH", "patch"],
  ["DELETE", "delete"],
]);

/** First segments that say the verb, whatever the method is. */
const VERB_SEGMENTS = new Set(["proxy", "watch"]);

/**
 * Takes a method, a percent-encoded path and its query apart. As upstream, the path is decoded before it is split, so that
 * an encoded slash separates segments too, and a segment between two slashes is there although it is empty. Bytes that are
 * no UTF-8 become U+FFFD, which no name has.
 *
 * @throws {URIError} when the path holds a percent sign that encodes nothing.
 */
export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const decodedPath = decoded(path);
  const parts = withoutOuterSlashes(decodedPath).split("/", PARTS_MAX);
  const grouped = parts[0] === "apis";
  const head = grouped ? 3 : 2;
  if ((parts[0] !== "api" && !grouped) || parts.length <= head) {
    return { type: "path", verb: method.toLowerCase(), path: decodedPath };
  }
  const first = parts[head] ?? "";
  const verbSegment = VERB_SEGMENTS.has(first) && parts.length > head + 1 ? first : undefined;
  const target = resourcePath(parts, verbSegment === undefined ? head : head + 1);
  const isCollection = target.name === "";
  // Upstream does not show authorizers the selectors of a path whose verb is in it.
  const selector = isCollection && verbSegment === undefined ? plainFieldSelector(query) : "";
  return {
    type: "resource",
    method,
    verb: verbSegment ?? verbOf(method, target.name, query),
    group: grouped ? (parts[1] ?? "") : "",
    isGrouped: grouped,
    version: parts[head - 1] ?? "",
    ...target,
    name: isCollection && method === "GET" ? nameInFieldSelector(selector) : target.name,
    isCollection,
    isWatchPath: verbSegment === "watch",
    fieldSelector: selector,
  };
}

function decoded(path: string): string {
  if (!path.includes("%")) return path;
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (/%(?![0-9a-f]{2})/i.test(path)) throw error;
    return path.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll("%", ""), "hex").toString());
  }
}

/** By hand: the time that a pattern for the end takes grows with the square of a row of slashes. */
function withoutOuterSlashes(path: string): string {
  let [start, end] = [0, path.length];
  while (path[start] === "/") start++;
  while (end > start && path[end - 1] === "/") end--;
  return path.slice(start, end);
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  const verb = VERBS.get(method) ?? "";
  if (name !== "") return verb;
  if (verb === "get") return queryBoolean(query.get("watch")) ? "watch" : "list";
  return verb === "delete" ? "deletecollection" : verb;
}

/** @param start - Where the resource, or its namespace, stands. */
function resourcePath(parts: readonly string[], start: number) {
  const [first, namespace, third] = [parts[start], parts[start + 1], parts[start + 2]];
  const inside = first === "namespaces" && third !== undefined && !NAMESPACE_SUBRESOURCES.has(third);
  const at = inside ? start + 2 : start;
  return {
    resource: parts[at] ?? "",
    name: parts[at + 1] ?? "",
    subresource: parts[at + 2] ?? "",
    rest: parts.slice(at + 3).join("/"),
    namespace: first === "namespaces" ? (namespace ?? "") : "",
    inNamespace: inside,
  };
}

/** Authorizers read selectors term by term. In one with escapes a term may be part of a value: they are not shown it. */
function plainFieldSelector(query: URLSearchParams): string {
  const selector = query.get("fieldSelector") ?? "";
  return selector.includes("\\") ? "" : selector;
}

/** A list or watch of one name is authorized as a request for that name, when it is a name that a path can have. */
function nameInFieldSelector(selector: string): string {
  const name = /(?:^|,)metadata\.name==?([^,=!]+)(?:,|$)/.exec(selector)?.[1] ?? "";
  return pathSegmentProblems(name).length === 0 ? name : "";
}
