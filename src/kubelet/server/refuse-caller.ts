import type { Caller } from "./caller.ts";
import { Refusal } from "./refusal.ts";

/** The verbs that upstream asks its authorizer about. */
const VERBS: Readonly<Record<string, string>> = {
  POST: "create",
  GET: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** The subresources of a Node that upstream takes paths for, in order; all others are `proxy`. */
const SUBRESOURCES: readonly (readonly [path: string, subresources: readonly string[]])[] = [
  ["/pods", ["pods", "proxy"]],
  ["/healthz", ["healthz", "proxy"]],
  ["/configz", ["configz", "proxy"]],
  ["/runningpods", ["pods", "proxy"]],
  ["/stats", ["stats"]],
  ["/metrics", ["metrics"]],
  ["/logs", ["log"]],
];

/** The refusal of a caller who may not use the endpoint, in upstream's words. */
export function refuseCaller({ name }: Caller, method: string, path: string): Refusal {
  const [, subresources] = SUBRESOURCES.find(([at]) => path === at || path.startsWith(`${at}/`)) ?? ["", ["proxy"]];
  const asked = `verb=${VERBS[method] ?? ""}, resource=nodes, subresource(s)=[${subresources.join(" ")}]`;
  return new Refusal(403, `Forbidden (user=${name}, ${asked})\n`);
}
