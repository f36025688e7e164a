import { ipWarnings } from "../../../address-warnings.ts";
import { LABEL } from "../../../well-known.ts";
import type { EndpointSlice } from "./endpointslice-schema.ts";

/** Controllers that write canonical addresses only. */
const CONTROLLERS: ReadonlySet<string> = new Set([
  "endpointslice-controller.k8s.io",
  "endpointslicemirroring-controller.k8s.io",
]);

/** Returns the warnings of an EndpointSlice; of its address type only when it is new. */
export function endpointSliceWarnings(slice: EndpointSlice, previous: EndpointSlice | undefined): readonly string[] {
  const isFQDN = previous === undefined && slice.addressType === "FQDN";
  const isControlled = CONTROLLERS.has(slice.metadata.labels?.[LABEL.managedByOfSlice] ?? "");
  return [
    ...(isFQDN ? ["spec.addressType: FQDN endpoints are deprecated"] : []),
    ...(isControlled
      ? []
      : slice.endpoints.flatMap(({ addresses }, i) =>
          addresses.flatMap((ip, j) => ipWarnings(`endpoints[${i}].addresses[${j}]`, ip)),
        )),
  ];
}
