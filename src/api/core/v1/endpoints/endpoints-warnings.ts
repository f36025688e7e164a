import { ipWarnings } from "../../../address-warnings.ts";
import { LABEL } from "../../../well-known.ts";
import type { Endpoints } from "./endpoints-schema.ts";

/** Returns the warnings of Endpoints. Those of the endpoint controller have canonical addresses. */
export function endpointsWarnings({ metadata, subsets = [] }: Endpoints): readonly string[] {
  if (metadata.labels?.[LABEL.managedByOfEndpoints] === "endpoint-controller") return [];
  return subsets.flatMap(({ addresses = [], notReadyAddresses = [] }, i) => [
    ...addresses.flatMap(({ ip }, j) => ipWarnings(`subsets[${i}].addresses[${j}].ip`, ip)),
    ...notReadyAddresses.flatMap(({ ip }, j) => ipWarnings(`subsets[${i}].notReadyAddresses[${j}].ip`, ip)),
  ]);
}
