import type { Escape } from "./escape.testing.ts";

const RULE = "Kubernetes: kubelet authentication and authorization";

function row(name: string, as: Escape["as"], path: string, code: number, method = "GET", rule = RULE): Escape {
  return { name, rule, as, attempt: { to: "kubelet", method, path }, want: { code } };
}

/** The endpoint of a node, asked without going through the API server. */
export const kubeletEscapes: readonly Escape[] = [
  row("pods of a node for nobody", "nobody", "/pods", 401),
  row("health of a node for nobody", "nobody", "/healthz", 401),
  row("pods of a node by another authority's certificate", "of another authority", "/pods", 401),
  row("pods of a node by an expired certificate", "expired", "/pods", 401),
  row("pods of a node by a server's certificate", "of a server", "/pods", 401),
  row("pods of a node by a good token of a service account", "token", "/pods", 401),
  row("pods of a node for jane", "jane", "/pods", 403),
  row("a command by the identity of the same node", "node-1", "/exec/shop/web-1/main?command=id", 403, "POST"),
  row("a command by the identity of another node's DNS", "dns of node-1", "/run/shop/web-1/main?cmd=id", 403, "POST"),
  row("logs by the identity of the proxy", "proxy", "/containerLogs/shop/web-1/main", 403),
  row(
    "a command by a group within an organization",
    "two groups in one organization",
    "/exec/shop/web-1/main?command=id",
    403,
    "POST",
  ),
  row("a certificate without a name, of system:masters", "no common name", "/pods", 401),
  row(
    "a file of the node by dots in its logs",
    "admin",
    "/logs/../../etc/passwd",
    404,
    "GET",
    "kubelet: /logs stays in its folder",
  ),
  row(
    "a file of the node by encoded dots in its logs",
    "admin",
    "/logs/%2e%2e/%2e%2e/etc/passwd",
    404,
    "GET",
    "CWE-22: path traversal",
  ),
  row(
    "a file of the node by an encoded slash in its logs",
    "admin",
    "/logs/..%2f..%2fetc%2fpasswd",
    400,
    "GET",
    "CWE-22: path traversal",
  ),
  row(
    "a log of a pod whose name leads upwards",
    "admin",
    "/containerLogs/..%2f..%2fetc/passwd/x",
    404,
    "GET",
    "CWE-22: path traversal",
  ),
  row("profiles of the kubelet's memory", "admin", "/debug/pprof/heap", 404, "GET", "CVE-2019-11248: /debug/pprof"),
  row("the kubelet's configuration", "jane", "/configz", 403),
  row("a port that was not asked for with credentials", "nobody", "/portForward/shop/web-1?port=22", 401, "POST"),
];
