import type { EndpointPort, EndpointSubset } from "@fairlead/api/core/v1/endpoints/endpoints";
import type { AddressGroup, ServiceAddresses } from "./service-addresses.ts";
import { joinedAddresses } from "./sorted-addresses.ts";
import { type AddressCounts, truncatedCounts } from "./truncate.ts";

/**
 * Returns the subsets of a Service's Endpoints, and whether addresses were cut off.
 *
 * Ports that the same addresses serve share a subset. In a fixed order: addresses as text, subsets by their ports.
 */
export function subsetsOf(state: ServiceAddresses): {
  readonly subsets: readonly EndpointSubset[];
  readonly isTruncated: boolean;
} {
  const lists = sharedPorts([...state.groups.values()]).map(({ ports, groups }) => ({
    ports,
    ready: joinedAddresses(groups.map(({ ready }) => ready)),
    notReady: joinedAddresses(groups.map(({ notReady }) => notReady)),
  }));
  const all = lists.map(({ ready, notReady }): AddressCounts => ({ ready: ready.size, notReady: notReady.size }));
  const truncated = truncatedCounts(all);
  const subsets = lists.map(({ ports, ready, notReady }, i): EndpointSubset => {
    const count = (truncated ?? all)[i] ?? { ready: 0, notReady: 0 };
    return {
      ...(count.ready > 0 && { addresses: ready.first(count.ready) }),
      ...(count.notReady > 0 && { notReadyAddresses: notReady.first(count.notReady) }),
      ...(ports.length > 0 && { ports }),
    };
  });
  return { subsets, isTruncated: truncated !== undefined };
}

interface SharedPorts {
  readonly ports: EndpointPort[];
  /** The groups with all of these ports, and with no other port that all of them have. */
  readonly groups: readonly AddressGroup[];
}

/** Puts ports together that the same groups have: they have the same addresses. */
function sharedPorts(groups: readonly AddressGroup[]): readonly SharedPorts[] {
  const byPort = new Map<string, { readonly port: EndpointPort | undefined; readonly places: number[] }>();
  for (const [place, { ports }] of groups.entries()) {
    for (const port of ports.length === 0 ? [undefined] : ports) {
      const key = JSON.stringify(port ?? null);
      const known = byPort.get(key);
      if (known === undefined) byPort.set(key, { port, places: [place] });
      else known.places.push(place);
    }
  }
  const shared = new Map<string, SharedPorts>();
  for (const { port, places } of byPort.values()) {
    const key = places.join();
    const same = shared.get(key) ?? { ports: [], groups: places.flatMap((place) => groups[place] ?? []) };
    shared.set(key, same);
    if (port !== undefined) same.ports.push(port);
  }
  for (const { ports } of shared.values()) ports.sort(compareTexts);
  return [...shared.values()].sort((a, b) => compareTexts(a.ports, b.ports));
}

function compareTexts(a: unknown, b: unknown): number {
  const [textOfA, textOfB] = [JSON.stringify(a), JSON.stringify(b)];
  return textOfA < textOfB ? -1 : textOfA > textOfB ? 1 : 0;
}
