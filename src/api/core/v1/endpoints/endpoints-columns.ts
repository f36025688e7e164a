import type { Column } from "../../../column.ts";
import { ageColumn, column, firstThree, nameColumn } from "../../../columns.ts";
import type { Endpoints } from "./endpoints-schema.ts";

/** What `kubectl get endpoints` prints. */
export const endpointsColumns: readonly Column<Endpoints>[] = [
  nameColumn,
  column("Endpoints", "Addresses and ports behind the Service.", endpointsCell),
  ageColumn,
];

function endpointsCell({ subsets = [] }: Endpoints): string {
  const all = subsets.flatMap(({ addresses = [], ports = [] }) =>
    ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => hostPort(ip, port))),
  );
  return firstThree(all, subsets.length === 0 ? "<none>" : "");
}

function hostPort(ip: string, port: number): string {
  return ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`;
}
