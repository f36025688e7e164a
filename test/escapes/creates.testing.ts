import { row } from "./attempts.testing.ts";
import type { Escape, RequestAttempt } from "./escape.testing.ts";
import { denied } from "./says.testing.ts";

const SHOP = "/api/v1/namespaces/shop";
const RBAC = "rbac.authorization.k8s.io";
const RULE = "Kubernetes: create on update needs create";
const ports = [{ port: 80 }];
const roleRef = { apiGroup: RBAC, kind: "ClusterRole", name: "admin" };

function apply(path: string, body: object): RequestAttempt {
  return { method: "PATCH", path: `${path}?fieldManager=m`, type: "application/apply-patch+yaml", body };
}

function put(path: string, body: object): RequestAttempt {
  return { method: "PUT", path, body };
}

function object(apiVersion: string, kind: string, more: object = {}) {
  return { apiVersion, kind, metadata: { name: "new" }, ...more };
}

/** A new object by a user who may update and patch, but not create. */
function refused(name: string, attempt: RequestAttempt, resource: string, group = "", namespace = "shop"): Escape {
  return row(
    name,
    RULE,
    "mender",
    attempt,
    403,
    denied("mender", "create", resource, { group, namespace, name: "new" }),
  );
}

/** Writes that find no object and would create one. */
export const createEscapes: readonly Escape[] = [
  refused("an apply of a new Secret", apply(`${SHOP}/secrets/new`, object("v1", "Secret")), "secrets"),
  refused(
    "a dry apply of a new Secret",
    { ...apply(`${SHOP}/secrets/new`, object("v1", "Secret")), path: `${SHOP}/secrets/new?fieldManager=m&dryRun=All` },
    "secrets",
  ),
  refused(
    "a forced apply of a new ServiceAccount",
    {
      ...apply(`${SHOP}/serviceaccounts/new`, object("v1", "ServiceAccount")),
      path: `${SHOP}/serviceaccounts/new?fieldManager=m&force=true`,
    },
    "serviceaccounts",
  ),
  refused(
    "a PUT of a new Service",
    put(`${SHOP}/services/new`, object("v1", "Service", { spec: { ports } })),
    "services",
  ),
  refused("a PUT of new Endpoints", put(`${SHOP}/endpoints/new`, object("v1", "Endpoints")), "endpoints"),
  refused(
    "a PUT of a new Event",
    put(
      `${SHOP}/events/new`,
      object("v1", "Event", { involvedObject: { namespace: "shop", kind: "Pod", name: "web-1" } }),
    ),
    "events",
  ),
  refused(
    "a PUT of a new Lease",
    put("/apis/coordination.k8s.io/v1/namespaces/shop/leases/new", object("coordination.k8s.io/v1", "Lease")),
    "leases",
    "coordination.k8s.io",
  ),
  refused(
    "a PUT of a new Role",
    put(`/apis/${RBAC}/v1/namespaces/shop/roles/new`, object(`${RBAC}/v1`, "Role")),
    "roles",
    RBAC,
  ),
  refused(
    "a PUT of a new RoleBinding",
    put(`/apis/${RBAC}/v1/namespaces/shop/rolebindings/new`, object(`${RBAC}/v1`, "RoleBinding", { roleRef })),
    "rolebindings",
    RBAC,
  ),
  refused(
    "a PUT of a new ClusterRole",
    put(`/apis/${RBAC}/v1/clusterroles/new`, object(`${RBAC}/v1`, "ClusterRole")),
    "clusterroles",
    RBAC,
    "",
  ),
  refused(
    "an apply of a new ClusterRoleBinding",
    apply(`/apis/${RBAC}/v1/clusterrolebindings/new`, object(`${RBAC}/v1`, "ClusterRoleBinding", { roleRef })),
    "clusterrolebindings",
    RBAC,
    "",
  ),
];
