import type { Escape } from "./escape.testing.ts";

const path = "/api/v1/namespaces/shop/secrets";
const RULE = "Kubernetes: user impersonation";

/** A request with impersonation headers, refused with words about what may not be impersonated. */
function refused(
  name: string,
  as: Escape["as"],
  headers: readonly (readonly [string, string])[],
  says: RegExp,
  code = 403,
): Escape {
  return { name, rule: RULE, as, attempt: { path, headers }, want: { code, says } };
}

const user = (name: string) => ["Impersonate-User", name] as const;

/** Requests in somebody else's name. */
export const impersonationEscapes: readonly Escape[] = [
  refused(
    "jane acts as the administrator",
    "jane",
    [user("kubernetes-admin")],
    /cannot impersonate resource \\"users\\"/,
  ),
  refused(
    "nobody acts as the administrator",
    "nobody",
    [user("kubernetes-admin")],
    /system:anonymous.* cannot impersonate/,
  ),
  refused(
    "who may act as bob acts as alice",
    "impersonator",
    [user("alice")],
    /cannot impersonate resource \\"users\\"/,
  ),
  refused(
    "who may act as bob adds system:masters",
    "impersonator",
    [user("bob"), ["Impersonate-Group", "system:masters"]],
    /cannot impersonate resource \\"groups\\"/,
  ),
  refused(
    "who may act as bob adds a uid",
    "impersonator",
    [user("bob"), ["Impersonate-Uid", "1"]],
    /cannot impersonate resource \\"uids\\"/,
  ),
  refused(
    "who may act as bob adds scopes",
    "impersonator",
    [user("bob"), ["Impersonate-Extra-Scopes", "all"]],
    /cannot impersonate resource \\"userextras\/scopes\\"/,
  ),
  refused(
    "scopes by a percent-encoded key",
    "impersonator",
    [user("bob"), ["Impersonate-Extra-%73copes", "all"]],
    /cannot impersonate resource \\"userextras\/scopes\\"/,
  ),
  refused(
    "an extra key that is no percent-encoding",
    "impersonator",
    [user("bob"), ["Impersonate-Extra-%zz", "x"]],
    /cannot impersonate resource \\"userextras\/%zz\\"/,
  ),
  refused(
    "an extra key __proto__",
    "impersonator",
    [user("bob"), ["Impersonate-Extra-__proto__", "x"]],
    /cannot impersonate resource \\"userextras\/__proto__\\"/,
  ),
  refused("bob by a percent-encoded name", "impersonator", [user("%62ob")], /cannot impersonate resource \\"users\\"/),
  refused(
    "a service account needs a right on service accounts",
    "impersonator",
    [user("system:serviceaccount:kube-system:default")],
    /cannot impersonate resource \\"serviceaccounts\\"/,
  ),
  refused(
    "the second of two groups is system:masters",
    "impersonator",
    [user("bob"), ["Impersonate-Group", "system:authenticated"], ["Impersonate-Group", "system:masters"]],
    /cannot impersonate resource \\"groups\\"/,
  ),
  refused(
    "a group without a user",
    "impersonator",
    [["Impersonate-Group", "system:masters"]],
    /without impersonating a user/,
    400,
  ),
  refused("an extra without a user", "jane", [["Impersonate-Extra-Scopes", "x"]], /without impersonating a user/, 400),
  refused("bob has no more rights than bob", "impersonator", [user("bob")], /User \\"bob\\" cannot list/),
  refused(
    "a kubelet acts as another",
    "node-1",
    [user("system:node:node-2"), ["Impersonate-Group", "system:nodes"]],
    /cannot impersonate resource \\"users\\"/,
  ),
  refused("a service account acts as the administrator", "token", [user("kubernetes-admin")], /cannot impersonate/),
];
