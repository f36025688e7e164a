import type { Column } from "../../../column.ts";
import { ageColumn, column, nameColumn, orNone, wideColumn } from "../../../columns.ts";
import { conditionOf } from "../../../condition-of.ts";
import type { Node } from "./node-schema.ts";

const ROLE_PREFIX = "node-role.kubernetes.io/";
const ROLE_LABEL = "kubernetes.io/role";

/** What `kubectl get nodes` prints. */
export const nodeColumns: readonly Column<Node>[] = [
  nameColumn,
  column("Status", "Whether the node is ready, and whether it takes new pods.", status),
  column("Roles", "Roles from the node's labels.", (node) => orNone(roles(node).join(","))),
  ageColumn,
  column("Version", "Version of the kubelet.", ({ status: s }) => s.nodeInfo?.kubeletVersion ?? ""),
  wideColumn("Internal-IP", "Address inside the cluster.", (node) => address(node, "InternalIP")),
  wideColumn("External-IP", "Address outside the cluster.", (node) => address(node, "ExternalIP")),
  wideColumn("OS-Image", "Operating system.", ({ status: s }) => orUnknown(s.nodeInfo?.osImage)),
  wideColumn("Kernel-Version", "Version of the kernel.", ({ status: s }) => orUnknown(s.nodeInfo?.kernelVersion)),
  wideColumn("Container-Runtime", "Container runtime and its version.", ({ status: s }) =>
    orUnknown(s.nodeInfo?.containerRuntimeVersion),
  ),
];

function status({ spec, status: { conditions = [] } }: Node): string {
  const ready = conditionOf(conditions, "Ready");
  const readiness = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady";
  return spec.unschedulable === true ? `${readiness},SchedulingDisabled` : readiness;
}

function roles({ metadata: { labels = {} } }: Node): string[] {
  const found = Object.entries(labels).flatMap(([key, value]) => {
    if (key.startsWith(ROLE_PREFIX) && key.length > ROLE_PREFIX.length) return [key.slice(ROLE_PREFIX.length)];
    return key === ROLE_LABEL && value !== "" ? [value] : [];
  });
  return [...new Set(found)].sort();
}

function address({ status: { addresses = [] } }: Node, wanted: string): string {
  return orNone(addresses.find(({ type }) => type === wanted)?.address);
}

function orUnknown(text: string | undefined): string {
  return text === undefined || text === "" ? "<unknown>" : text;
}
