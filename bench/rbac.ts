/**
 * What an RBAC decision costs for a user with many bindings of its own, in microseconds of CPU: a request that no role
 * allows, and one that only the last binding allows.
 *
 *     BENCH_BINDINGS=10000 node bench/rbac.ts
 */
import { cpus, loadavg } from "node:os";
import type { ClusterRole } from "../src/api/rbac/v1/clusterrole/clusterrole.ts";
import type { ClusterRoleBinding } from "../src/api/rbac/v1/clusterrolebinding/clusterrolebinding.ts";
import type { PolicyRule } from "../src/api/rbac/v1/rules.ts";
import { rbacAuthorizer } from "../src/apiserver/authz/rbac-authorizer.ts";
import { createRbacIndex } from "../src/apiserver/authz/rbac-index.ts";

const ROUNDS = 200;
const bindings = Number(process.env.BENCH_BINDINGS ?? 10_000);
const last = bindings - 1;

/** What the role of each binding allows, and the object that only the last one allows. */
const shapes: readonly { readonly name: string; rule(i: number): Partial<PolicyRule>; readonly only: string }[] = [
  { name: "a resource each", rule: (i) => ({ resources: [`things${i}`] }), only: `things${last} x` },
  {
    name: "an object each",
    rule: (i) => ({ resources: ["configmaps"], resourceNames: [`c${i}`] }),
    only: `configmaps c${last}`,
  },
];

for (const { name, rule, only } of shapes) {
  const index = createRbacIndex();
  for (let i = 0; i < bindings; i++) {
    const metadata = { name: `r${i}`, uid: "", resourceVersion: "", creationTimestamp: "" };
    const rules: readonly PolicyRule[] = [{ verbs: ["get"], apiGroups: [""], ...rule(i) }];
    const role: ClusterRole = { apiVersion: "", kind: "", metadata, rules };
    const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: `r${i}` };
    const binding: ClusterRoleBinding = {
      ...{ apiVersion: "", kind: "", metadata, roleRef, subjects: [{ kind: "User", name: "alice" }] },
    };
    index.setClusterRole(`r${i}`, role);
    index.setClusterRoleBinding(`b${i}`, binding);
  }
  const authorizer = rbacAuthorizer(index);
  const user = { name: "alice", uid: "", groups: ["system:authenticated"], extra: {} };
  const ask = (resource = "", object = "") =>
    authorizer.authorize({
      ...{ type: "resource", user, verb: "get", group: "", version: "v1", subresource: "", namespace: "shop" },
      ...{ resource, name: object },
    });
  for (const [what, asked] of [
    ["refused", "secrets s"],
    ["allowed by the last", only],
  ] as const) {
    const [resource, object] = asked.split(" ");
    const before = cpuUs();
    const { verdict } = ask(resource, object);
    const firstUs = cpuUs() - before;
    for (let i = 0; i < ROUNDS; i++) ask(resource, object);
    const eachUs = (cpuUs() - before - firstUs) / ROUNDS;
    process.stdout.write(
      `${bindings} bindings, ${name}, ${what} (${verdict}): first ${firstUs} µs, ` +
        `then ${eachUs.toFixed(1)} µs each; ${cpus().length} cores, load ${loadavg()[0]?.toFixed(1)}\n`,
    );
  }
}

function cpuUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
