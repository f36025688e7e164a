import type { Column } from "../../../column.ts";
import { ageColumn, column, firstThree, nameColumn } from "../../../columns.ts";
import type { EndpointPort, EndpointSlice } from "./endpointslice-schema.ts";

/** What `kubectl get endpointslices` prints. */
export const endpointSliceColumns: readonly Column<EndpointSlice>[] = [
  nameColumn,
  column("AddressType", "What the addresses are.", ({ addressType }) => addressType),
  column("Ports", "Ports of every endpoint.", ({ ports }) => firstThree(ports.map(portCell), "<unset>")),
  column("Endpoints", "Addresses of the endpoints.", ({ endpoints }) =>
    firstThree(
      endpoints.flatMap(({ addresses }) => addresses),
      "<unset>",
    ),
  ),
  ageColumn,
];

function portCell({ port, name }: EndpointPort): string {
  return port === undefined ? name : String(port);
}
