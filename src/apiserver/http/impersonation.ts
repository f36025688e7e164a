import type { ApiRequest } from "../../client/transport.ts";
import type { User } from "../authn/authenticator.ts";
import { assertAllowed } from "../authorize-request.ts";
import type { Authorizer, ResourceAttributes } from "../authz/authorizer.ts";
import { badRequest } from "../registry/refusals.ts";

const AUTHENTICATED = "system:authenticated";
const UNAUTHENTICATED = "system:unauthenticated";
const EXTRA_PREFIX = "impersonate-extra-";

/**
 * The user for whom a request is made: the one that is connected, or one that it asks to act as.
 *
 * @throws {StatusError} `Forbidden` when the connected user may not act as that one.
 */
export function effectiveUser(request: ApiRequest, user: User, authorizer: Authorizer): User {
  const { headers } = request;
  const name = headers["impersonate-user"] ?? "";
  const groups = listOf(headers["impersonate-group"]);
  const uid = headers["impersonate-uid"] ?? "";
  const extras = Object.entries(headers).filter(([header]) => header.startsWith(EXTRA_PREFIX));
  if (name === "") {
    if (groups.length === 0 && uid === "" && extras.length === 0) return user;
    throw badRequest("requested impersonation of groups, uid or extra without impersonating a user");
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const may = (attributes: Partial<ResourceAttributes>) =>
    assertAllowed(authorizer, { ...impersonation(user), ...attributes });
  if (account === null) may({ resource: "users", name });
  else may({ resource: "serviceaccounts", namespace: account[1] ?? "", name: account[2] ?? "" });
  for (const group of groups) may({ resource: "groups", name: group });
  if (uid !== "") may({ group: "authentication.k8s.io", resource: "uids", name: uid });
  const extra: Record<string, readonly string[]> = {};
  for (const [header, value] of extras) {
    const key = decodeURIComponent(header.slice(EXTRA_PREFIX.length));
    may({ group: "authentication.k8s.io", resource: "userextras", subresource: key, name: value });
    extra[key] = [value];
  }
  return { name, uid, groups: withStanding(name, account?.[1], groups), extra };
}

/** Who is impersonated is authenticated, and a service account is in its groups, unless groups say otherwise. */
function withStanding(
  name: string,
  accountNamespace: string | undefined,
  groups: readonly string[],
): readonly string[] {
  const own =
    accountNamespace !== undefined && groups.length === 0
      ? ["system:serviceaccounts", `system:serviceaccounts:${accountNamespace}`]
      : groups;
  if (own.includes(AUTHENTICATED) || own.includes(UNAUTHENTICATED)) return own;
  return [...own, name === "system:anonymous" ? UNAUTHENTICATED : AUTHENTICATED];
}

function impersonation(user: User): ResourceAttributes {
  return {
    type: "resource",
    user,
    verb: "impersonate",
    group: "",
    version: "v1",
    resource: "",
    subresource: "",
    namespace: "",
    name: "",
  };
}

/** Repeated headers arrive joined by commas. */
function listOf(header: string | undefined): readonly string[] {
  return (header ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
