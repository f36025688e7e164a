import type { Kind } from "@fairlead/api/kind";
import type { ResourceRequestInfo } from "./request-info.ts";

/** How a request for a kind is routed: it is served, its path does not exist, or not with its method. */
export type RouteVerdict = "served" | "notFound" | "methodNotAllowed";

type Methods = readonly (readonly [method: string, verb: string])[];

const COLLECTION: Methods = [
  ["GET", "list"],
  ["POST", "create"],
  ["DELETE", "deletecollection"],
];
const OBJECT: Methods = [
  ["GET", "get"],
  ["PUT", "update"],
  ["PATCH", "patch"],
  ["DELETE", "delete"],
];
const SUBRESOURCE: Methods = [...OBJECT, ["POST", "create"]];
const STATUS_VERBS = ["get", "update", "patch"];
/** The one subresource whose path goes on, and which passes on methods that the API itself does not have. */
const PROXY = "proxy";
const PROXIED_METHODS = ["HEAD", "OPTIONS"];

/**
 * Decides whether a kind has the path of a request, and the path the method, as upstream's routes do: a path exists when
 * at least one verb of the kind is served there.
 *
 * @param handled - Whether a handler is there for the subresource that the path names.
 */
export function routeVerdict(kind: Kind, info: ResourceRequestInfo, handled: boolean): RouteVerdict {
  const methods = methodsAt(kind, info, handled);
  if (methods.length === 0) return "notFound";
  return methods.includes(info.method) ? "served" : "methodNotAllowed";
}

/** The methods that the path has; none for a path that does not exist. */
function methodsAt(kind: Kind, info: ResourceRequestInfo, handled: boolean): readonly string[] {
  const { subresource, isCollection, isWatchPath } = info;
  // No object is in a namespace without a name.
  if (info.inNamespace && info.namespace === "") return [];
  const acrossNamespaces = kind.namespaced && !info.inNamespace;
  if (info.verb === PROXY || (acrossNamespaces && !isCollection) || (info.inNamespace && !kind.namespaced)) return [];
  if (info.rest !== "" && subresource !== PROXY) return [];
  const has = (verb: string) => kind.verbs.some((known) => known === verb);
  if (isWatchPath) return has("watch") && subresource === "" ? ["GET"] : [];
  if (acrossNamespaces) return has("list") ? ["GET"] : [];
  if (subresource !== "") return subresourceMethods(kind, subresource, handled);
  return (isCollection ? COLLECTION : OBJECT).filter(([, verb]) => has(verb)).map(([method]) => method);
}

function subresourceMethods(kind: Kind, name: string, handled: boolean): readonly string[] {
  const isScale = name === "scale" && kind.scale !== undefined;
  const isStatus = name === "status" && kind.hasStatus && kind.verbs.some((verb) => verb === "update");
  if (!handled && !isScale && !isStatus) return [];
  const declared = kind.subresources.find((subresource) => subresource.name === name)?.verbs;
  const verbs: readonly string[] | undefined = isStatus ? STATUS_VERBS : declared;
  // A handler that the kind does not declare takes every method.
  if (verbs === undefined) return SUBRESOURCE.map(([method]) => method);
  const methods = SUBRESOURCE.filter(([, verb]) => verbs.includes(verb)).map(([method]) => method);
  return name === PROXY ? [...methods, ...PROXIED_METHODS] : methods;
}
