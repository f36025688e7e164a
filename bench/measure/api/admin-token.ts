import type { Access } from "../connection.ts";
import { ask, openConnection } from "../connection.ts";

const NAME = "bench-admin";
const NAMESPACE = "default";

const ACCOUNTS = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`;
const BINDINGS = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
const EXPIRATION_SECONDS = 24 * 60 * 60;

/** Makes a service account that may do everything, unless it is there, and returns a token of it. */
export async function adminToken(access: Access): Promise<string> {
  await using connection = await openConnection(access);
  const { session } = connection;
  const apply = (path: string, body: object) =>
    ask(session, {
      method: "PATCH",
      path: `${path}/${NAME}?fieldManager=bench`,
      contentType: "application/apply-patch+yaml",
      body: { ...body, metadata: { name: NAME } },
    });
  await apply(ACCOUNTS, { apiVersion: "v1", kind: "ServiceAccount" });
  await apply(BINDINGS, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", namespace: NAMESPACE, name: NAME }],
  });
  const request = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: EXPIRATION_SECONDS },
  };
  const answer = await ask(session, { method: "POST", path: `${ACCOUNTS}/${NAME}/token`, body: request });
  const token: unknown = JSON.parse(answer).status?.token;
  if (typeof token !== "string") throw new Error(`The server answered a request for a token without one: ${answer}`);
  return token;
}
