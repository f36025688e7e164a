import { dnsLabelProblems, dnsSubdomainProblems } from "@fairlead/api/names";
import type { ApiRequest } from "@fairlead/client/transport/transport";
import type { User } from "../authn/authenticator.ts";
import { assertAllowed } from "../authorize-request.ts";
import type { Authorizer, ResourceAttributes } from "../authz/authorizer.ts";
import { badRequest } from "../registry/refusals.ts";

const AUTHENTICATED = "system:authenticated";
const UNAUTHENTICATED = "system:unauthenticated";
/** Names of all impersonation headers begin with it. */
export const IMPERSONATION_PREFIX = "impersonate-";
const EXTRA_PREFIX = `${IMPERSONATION_PREFIX}extra-`;
const AUTHENTICATION = "authentication.k8s.io/v1";

/** Separates the values of a repeated header. A comma may be part of a group's name; a line break cannot. */
const VALUE_SEPARATOR = "\n";

/**
 * Returns the impersonation headers that may be repeated, by their names in lower case, as {@link effectiveUser} reads
 * them. Node joins the values of other headers by commas.
 *
 * @param raw - Names and values in turn, as they came.
 */
export function impersonationHeaders(raw: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at]?.toLowerCase() ?? "";
    if (name !== "impersonate-group" && !name.startsWith(EXTRA_PREFIX)) continue;
    const [known, value] = [headers.get(name), raw[at + 1] ?? ""];
    headers.set(name, known === undefined ? value : `${known}${VALUE_SEPARATOR}${value}`);
  }
  return Object.fromEntries(headers);
}

/**
 * The user for whom a request is made: the one that is connected, or one that it asks to act as.
 *
 * @throws {StatusError} `Forbidden` when the connected user may not act as that one, `BadRequest` for headers that
 *   name no user.
 */
export function effectiveUser(request: ApiRequest, user: User, authorizer: Authorizer): User {
  const { headers } = request;
  if (!asksToImpersonate(headers)) return user;
  const name = headers["impersonate-user"] ?? "";
  const groups = valuesOf(headers["impersonate-group"]);
  const uid = headers["impersonate-uid"] ?? "";
  const extra = extraOf(headers);
  if (name === "") {
    if (groups.length === 0 && uid === "" && extra.size === 0) return user;
    throw withoutUser(groups, uid, extra);
  }
  const account = serviceAccountOf(name);
  const may = (attributes: Partial<ResourceAttributes>) =>
    assertAllowed(authorizer, { ...impersonation(user), ...attributes });
  if (account === undefined) may({ resource: "users", name });
  else may({ resource: "serviceaccounts", ...account });
  for (const group of groups) may({ resource: "groups", name: group });
  const authentication = { group: "authentication.k8s.io" };
  for (const [key, values] of extra) {
    for (const value of values) may({ ...authentication, resource: "userextras", subresource: key, name: value });
  }
  if (uid !== "") may({ ...authentication, resource: "uids", name: uid });
  return { name, uid, groups: withStanding(name, account?.namespace, groups), extra: Object.fromEntries(extra) };
}

function asksToImpersonate(headers: ApiRequest["headers"]): boolean {
  for (const name in headers) if (name.startsWith(IMPERSONATION_PREFIX)) return true;
  return false;
}

/** Keys and values of the headers `Impersonate-Extra-KEY`. */
function extraOf(headers: ApiRequest["headers"]): ReadonlyMap<string, readonly string[]> {
  const extra = new Map<string, readonly string[]>();
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith(EXTRA_PREFIX)) continue;
    const key = unescapedKey(header.slice(EXTRA_PREFIX.length));
    extra.set(key, [...(extra.get(key) ?? []), ...valuesOf(value)]);
  }
  return extra;
}

/** As upstream, a key that is not percent-encoded correctly is taken literally. */
function unescapedKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch (error) {
    if (error instanceof URIError) return key;
    throw error;
  }
}

function serviceAccountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace = "", name = ""] = /^system:serviceaccount:([^:]*):([^:]*)$/.exec(user) ?? [];
  const isAccount = dnsLabelProblems(namespace).length === 0 && dnsSubdomainProblems(name).length === 0;
  return isAccount ? { namespace, name } : undefined;
}

/** Lists what was asked for, as Go prints object references. */
function withoutUser(groups: readonly string[], uid: string, extra: ReadonlyMap<string, readonly string[]>) {
  const reference = (kind: string, name: string, apiVersion = "", fieldPath = "") =>
    `{${[kind, "", name, "", apiVersion, "", fieldPath].join(" ")}}`;
  const references = [
    ...groups.map((group) => reference("Group", group)),
    ...[...extra].flatMap(([key, values]) => values.map((value) => reference("UserExtra", value, AUTHENTICATION, key))),
    ...(uid === "" ? [] : [reference("UID", uid, AUTHENTICATION)]),
  ];
  return badRequest(`requested [${references.join(" ")}] without impersonating a user`);
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
  if (own.includes(UNAUTHENTICATED)) return own;
  if (name === "system:anonymous") return [...own, UNAUTHENTICATED];
  return own.includes(AUTHENTICATED) ? own : [...own, AUTHENTICATED];
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

function valuesOf(header: string | undefined): readonly string[] {
  return header === undefined ? [] : header.split(VALUE_SEPARATOR);
}
