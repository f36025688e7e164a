import type { Service } from "@fairlead/api/core/v1/service/service";
import { goQuote } from "@fairlead/api/go-quote";
import { formatLabelSelector } from "@fairlead/api/selectors/format-label-selector";
import type { Address, IPFamily } from "../pools/address.ts";
import { formatAddress, parseAddress } from "../pools/address.ts";
import type { Claim } from "./holdings.ts";

/** MetalLB's annotations of Services, by their present and their earlier prefix. (https://metallb.io/usage/) */
const PREFIXES = ["metallb.io", "metallb.universe.tf"] as const;
const LOAD_BALANCER_IPS = "loadBalancerIPs";

/** The pool that a Service's addresses are of: written by the controller. */
export const POOL_ANNOTATION = "metallb.io/ip-allocated-from-pool";

/** What a Service asks of its load balancer's addresses. */
export interface Wish {
  readonly claim: Claim;
  /** Families of the Service, the first one first. */
  readonly families: readonly IPFamily[];
  /** Whether one of two families will do. */
  readonly prefersBoth: boolean;
  /** Undefined: any. */
  readonly addresses?: readonly Address[];
  /** The name of a pool. Undefined: any. */
  readonly pool?: string;
}

/** Something that a Service asks for and cannot get as it is written. */
export class WishError extends Error {}

/** @throws {WishError} in MetalLB's words, when the addresses that it asks for are none. */
export function wishOf(service: Service): Wish {
  const { metadata, spec } = service;
  const families = (spec.ipFamilies ?? []).filter((family) => family === "IPv4" || family === "IPv6");
  const addresses = addressesWished(service);
  const pool = annotation(service, "address-pool");
  return {
    claim: {
      service: `${metadata.namespace}/${metadata.name}`,
      ports: (spec.ports ?? []).map(({ protocol, port }) => `${protocol}/${port}`),
      key: {
        sharing: annotation(service, "allow-shared-ip"),
        backend:
          spec.externalTrafficPolicy === "Local" ? formatLabelSelector({ matchLabels: spec.selector ?? {} }) : "",
      },
    },
    families: families.length > 0 ? families : ["IPv4"],
    prefersBoth: spec.ipFamilyPolicy === "PreferDualStack" && families.length > 1,
    ...(addresses !== undefined && { addresses }),
    ...(pool !== "" && { pool }),
  };
}

function addressesWished(service: Service): readonly Address[] | undefined {
  const listed = annotation(service, LOAD_BALANCER_IPS);
  const { loadBalancerIP = "" } = service.spec;
  if (listed === "" && loadBalancerIP === "") return undefined;
  if (listed !== "" && loadBalancerIP !== "") {
    throw new WishError(`service can not have both ${PREFIXES[0]}/${LOAD_BALANCER_IPS} and svc.Spec.LoadBalancerIP`);
  }
  if (listed === "") {
    const address = parseAddress(loadBalancerIP);
    if (address === undefined) throw new WishError(`invalid spec.loadBalancerIP ${goQuote(loadBalancerIP)}`);
    return [address];
  }
  const wished = listed.split(",").map((word) => {
    const address = parseAddress(word.trim());
    if (address === undefined) throw new WishError(`invalid ${PREFIXES[0]}/${LOAD_BALANCER_IPS}: ${goQuote(listed)}`);
    return address;
  });
  if (wished.length > 2) throw new WishError(`more than two addresses ${quoted(wished)}`);
  const [first, second] = wished;
  if (first?.family === second?.family) throw new WishError(`${quoted(wished)} have the same family`);
  return wished;
}

/** Returns addresses as MetalLB's messages have them: `["172.30.0.200" "fd00::1"]`. */
export function quoted(addresses: readonly Address[]): string {
  return `[${addresses.map((address) => `"${formatAddress(address)}"`).join(" ")}]`;
}

/** Returns an annotation of MetalLB's; empty when the Service has none. */
function annotation({ metadata: { annotations = {} } }: Service, name: string): string {
  for (const prefix of PREFIXES) {
    const key = `${prefix}/${name}`;
    if (Object.hasOwn(annotations, key)) return annotations[key] ?? "";
  }
  return "";
}
