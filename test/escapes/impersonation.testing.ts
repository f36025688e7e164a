import type { Escape } from "./escape.testing.ts";
import { denied } from "./says.testing.ts";

const path = "/api/v1/namespaces/shop/secrets";
const RULE = "Kubernetes: user impersonation";

/** A request with impersonation headers, refused with words about what may not be impersonated. */
function refused(
  name: string,
  as: Escape["as"],
  headers: readonly (readonly [string, string])[],
  says: string,
  code = 403,
): Escape {
  return { name, rule: RULE, as, attempt: { path, headers }, want: { code, says } };
}

/** The refusal of an impersonated user, group, uid or extra. */
const barred = (who: string, resource: string, name: string, group = "") =>
  denied(who, "impersonate", resource, { name, ...(group !== "" && { group }) });
const user = (name: string) => ["Impersonate-User", name] as const;

/** Requests that impersonate another user. */
export const impersonationEscapes: readonly Escape[] = [
  refused(
    "jane acts as the administrator",
    "jane",
    [user("kubernetes-admin")],
    barred("jane", "users", "kubernetes-admin"),
  ),
  refused(
    "an anonymous client acts as the administrator",
    "nobody",
    [user("kubernetes-admin")],
    barred("system:anonymous", "users", "kubernetes-admin"),
  ),
  refused(
    "a user who may act as bob acts as alice",
    "impersonator",
    [user("alice")],
    barred("impersonator", "users", "alice"),
  ),
  refused(
    "a user who may act as bob adds system:masters",
    "impersonator",
    [user("bob"), ["Impersonate-Group", "system:masters"]],
    barred("impersonator", "groups", "system:masters"),
  ),
  refused(
    "a user who may act as bob adds a uid",
    "impersonator",
    [user("bob"), ["Impersonate-Uid", "1"]],
    barred("impersonator", "uids", "1", "authentication.k8s.io"),
  ),
  refused(
    "a user who may act as bob adds scopes",
    "impersonator",
    [user("bob"), ["Impersonate-Extra-Scopes", "all"]],
    barred("impersonator", "userextras/scopes", "all", "authentication.k8s.io"),
  ),
  refused(
    "scopes by a percent-encoded key",
    "impersonator",
    [user("bob"), ["Impersonate-Extra-%73copes", "all"]],
    barred("impersonator", "userextras/scopes", "all", "authentication.k8s.io"),
  ),
  refused(
    "an extra key that is no percent-encoding",
    "impersonator",
    [user("bob"), ["Impersonate-Extra-%zz", "x"]],
    barred("impersonator", "userextras/%zz", "x", "authentication.k8s.io"),
  ),
  refused(
    "an extra key __proto__",
    "impersonator",
    [user("bob"), ["Impersonate-Extra-__proto__", "x"]],
    barred("impersonator", "userextras/__proto__", "x", "authentication.k8s.io"),
  ),
  refused("bob by a percent-encoded name", "impersonator", [user("%62ob")], barred("impersonator", "users", "%62ob")),
  refused(
    "a service account needs a right on service accounts",
    "impersonator",
    [user("system:serviceaccount:kube-system:default")],
    denied("impersonator", "impersonate", "serviceaccounts", { namespace: "kube-system", name: "default" }),
  ),
  refused(
    "the second of two groups is system:masters",
    "impersonator",
    [user("bob"), ["Impersonate-Group", "staff"], ["Impersonate-Group", "system:masters"]],
    barred("impersonator", "groups", "system:masters"),
  ),
  refused(
    "a group without a user",
    "impersonator",
    [["Impersonate-Group", "system:masters"]],
    "BadRequest: requested [{Group  system:masters    }] without impersonating a user",
    400,
  ),
  refused(
    "an extra without a user",
    "jane",
    [["Impersonate-Extra-Scopes", "x"]],
    "BadRequest: requested [{UserExtra  x  authentication.k8s.io/v1  scopes}] without impersonating a user",
    400,
  ),
  refused(
    "bob has no more rights than bob",
    "impersonator",
    [user("bob")],
    denied("bob", "list", "secrets", { namespace: "shop" }),
  ),
  refused(
    "a kubelet acts as another",
    "node-1",
    [user("system:node:node-2"), ["Impersonate-Group", "system:nodes"]],
    barred("system:node:node-1", "users", "system:node:node-2"),
  ),
  refused(
    "a service account acts as the administrator",
    "token",
    [user("kubernetes-admin")],
    barred("system:serviceaccount:shop:till", "users", "kubernetes-admin"),
  ),
];
