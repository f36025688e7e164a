import type { User } from "../authn/authenticator.ts";
import type { Attributes } from "./authorizer.ts";

/** A user out of a name and groups. */
export function userNamed(name: string, ...groups: string[]): User {
  return { name, uid: "", groups: [...groups, "system:authenticated"], extra: {} };
}

/**
 * Attributes out of one line: `get /healthz`, `get pods default/a`, `update pods/status default/a`,
 * `list roles.rbac.authorization.k8s.io default/`, `get nodes /n1`, `list pods / spec.nodeName=n1`.
 */
export function attributesOf(line: string, user: User = userNamed("alice")): Attributes {
  const [verb = "", what = "", where = "/", fieldSelector] = line.split(" ");
  if (what.startsWith("/")) return { type: "nonResource", user, verb, path: what };
  const [, resource = "", group = "", subresource = ""] = /^([^./]+)(?:\.([^/]+))?(?:\/(.+))?$/.exec(what) ?? [];
  const [namespace = "", name = ""] = where.split("/");
  return {
    type: "resource",
    user,
    verb,
    group,
    version: "v1",
    resource,
    subresource,
    namespace,
    name,
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
}
