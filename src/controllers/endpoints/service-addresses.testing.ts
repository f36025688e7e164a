import type { Pod } from "@fairlead/api/core/v1/pod/pod";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { keyOf } from "../object-key.ts";
import { emptyServiceAddresses, type ServiceAddresses, setPod } from "./service-addresses.ts";

/** The addresses of a Service with these pods, as on its first reconciliation. */
export function addressesOf(service: Service, pods: readonly Pod[]): ServiceAddresses {
  const state = emptyServiceAddresses(service);
  for (const pod of pods) setPod(state, keyOf(pod), pod);
  return state;
}
