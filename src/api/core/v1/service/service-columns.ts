import type { Column } from "../../../column.ts";
import { ageColumn, column, labelsCell, nameColumn, orNone, wideColumn } from "../../../columns.ts";
import type { Service, ServicePort } from "./service-schema.ts";

/** The widest list of load-balancer addresses that is printed without `-o wide`. */
const LOAD_BALANCER_WIDTH = 16;

/** What `kubectl get services` prints. */
export const serviceColumns: readonly Column<Service>[] = [
  nameColumn,
  column("Type", "How the Service is reached.", ({ spec }) => spec.type),
  column("Cluster-IP", "Address of the Service inside the cluster.", ({ spec }) => orNone(spec.clusterIP)),
  column("External-IP", "Addresses of the Service outside the cluster.", externalIP),
  column("Port(s)", "Ports of the Service, with their node ports.", ({ spec }) =>
    orNone((spec.ports ?? []).map(portCell).join(",")),
  ),
  ageColumn,
  wideColumn("Selector", "Labels of the pods behind the Service.", ({ spec }) => labelsCell(spec.selector)),
];

function portCell({ port, nodePort, protocol }: ServicePort): string {
  return nodePort === undefined || nodePort === 0 ? `${port}/${protocol}` : `${port}:${nodePort}/${protocol}`;
}

function externalIP(service: Service): string {
  const externalIPs = service.spec.externalIPs ?? [];
  switch (service.spec.type) {
    case "ExternalName":
      return service.spec.externalName ?? "";
    case "LoadBalancer": {
      const all = [loadBalancerAddresses(service), ...externalIPs].filter((address) => address !== "");
      return all.length === 0 ? "<pending>" : all.join(",");
    }
    default:
      return orNone(externalIPs.join(","));
  }
}

function loadBalancerAddresses({ status }: Service): string {
  const addresses = (status.loadBalancer.ingress ?? []).map(({ ip = "", hostname = "" }) =>
    ip === "" ? hostname : ip,
  );
  const text = [...new Set(addresses.filter((address) => address !== ""))].sort().join(",");
  return text.length > LOAD_BALANCER_WIDTH ? `${text.slice(0, LOAD_BALANCER_WIDTH - 3)}...` : text;
}
