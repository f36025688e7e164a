import type { IdentityName } from "./identities.testing.ts";

const SHOP = "/api/v1/namespaces/shop";

/** What each identity may read. A refusal would prove little if its holder were refused everything. */
export const controls: readonly {
  readonly as: IdentityName;
  readonly path: string;
  readonly to?: "kubelet";
}[] = [
  { as: "nobody", path: "/healthz" },
  { as: "admin", path: `${SHOP}/secrets/secret-2` },
  { as: "admin", path: "/pods", to: "kubelet" },
  { as: "jane", path: "/api" },
  { as: "owner", path: `${SHOP}/secrets/secret-2` },
  { as: "clerk", path: `${SHOP}/configmaps/allowed` },
  { as: "clerk", path: `${SHOP}/configmaps?fieldSelector=metadata.name%3Dallowed` },
  { as: "mender", path: `${SHOP}/secrets/secret-2` },
  { as: "rbac-writer", path: "/apis/rbac.authorization.k8s.io/v1/clusterroles" },
  { as: "path-reader", path: "/metrics" },
  { as: "node-1", path: `${SHOP}/secrets/secret-1` },
  { as: "dns of node-1", path: "/api/v1/nodes/node-1" },
  { as: "pod network", path: "/api/v1/nodes" },
  { as: "proxy", path: "/api/v1/services" },
  { as: "token", path: "/api" },
  { as: "token of a pod", path: "/api" },
  { as: "token of a secret", path: "/api" },
];
