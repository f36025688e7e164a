import { joined } from "@fairlead/nftables/words/field";
import type { Element, NftObject } from "@fairlead/nftables/words/ruleset";
import { verdictValue } from "@fairlead/nftables/words/verdict";
import type { Backend, PortMapping } from "../services/service-ports.ts";
import type { Frontend } from "./frontends.ts";
import { frontendsOf } from "./frontends.ts";
import { sharedChain } from "./shared-chains.ts";
import { assignSlots } from "./slots.ts";
import { allowedSources } from "./source-ranges.ts";
import { stickyChains, stickyEntry } from "./sticky-chains.ts";

/** Which endpoint is in which slot, by the map and the frontend that look it up. */
export type Slots = ReadonlyMap<string, readonly string[]>;

/** Everything one Service puts into the table of one family. */
export interface ServiceRuleset {
  readonly objects: readonly NftObject[];
  readonly slots: Slots;
}

/**
 * The objects for a Service's ports.
 *
 * @param before - The slots of the same Service as they are in the kernel: endpoints that stay keep theirs.
 */
export function serviceRuleset(mappings: readonly PortMapping[], before: Slots = new Map()): ServiceRuleset {
  const slots = new Map<string, readonly string[]>();
  const objects = mappings.flatMap((mapping) => {
    const sticky = mapping.affinitySeconds !== undefined;
    return [
      element("cluster-ips", mapping.clusterIP),
      ...hairpins(mapping),
      ...allowedSources(mapping),
      ...frontendsOf(mapping).flatMap((frontend) =>
        frontend.backends.length === 0
          ? [element(frontend.emptyMap, frontend.key, verdictValue(frontend.emptyVerdict))]
          : sticky
            ? stickyFrontend(mapping, frontend)
            : sharedFrontend(frontend, { before, slots }),
      ),
    ];
  });
  return { objects, slots };
}

/** A frontend without affinity: its endpoints are elements, and all such frontends of one count share a chain. */
function sharedFrontend(
  { role, key, protocol, slotKey, verdictMap, backends }: Frontend,
  { before, slots }: { readonly before: Slots; readonly slots: Map<string, readonly string[]> },
): readonly NftObject[] {
  const chain = sharedChain(role, protocol, backends.length);
  const place = `${chain.endpointsMap} ${slotKey}`;
  const assigned = assignSlots(before.get(place) ?? [], backends.map(endpointOf));
  slots.set(place, assigned);
  return [
    chain.chain,
    element(verdictMap, key, goTo(chain.chain.name)),
    ...assigned.map((endpoint, slot) => element(chain.endpointsMap, joined(slotKey, slot), endpoint)),
  ];
}

function stickyFrontend(mapping: PortMapping, frontend: Frontend): readonly NftObject[] {
  return [
    ...stickyChains(mapping, frontend),
    element(frontend.verdictMap, frontend.key, goTo(stickyEntry(mapping, frontend.role))),
  ];
}

/** A pod that reaches itself through the Service must see another source than itself, or it answers itself directly. */
function hairpins({ cluster, local }: PortMapping): readonly Element[] {
  const here = [...cluster, ...local].filter(({ mayBeHere }) => mayBeHere).map(({ address }) => address);
  return [...new Set(here)].map((address) => element("hairpins", joined(address, address)));
}

/** `10.244.1.7 . 80`. */
export function endpointOf({ address, port }: Backend): string {
  return joined(address, port);
}

function goTo(chain: string): string {
  return verdictValue({ do: "goto", chain });
}

function element(set: string, key: string, value = ""): Element {
  return { object: "element", set, key, value };
}
