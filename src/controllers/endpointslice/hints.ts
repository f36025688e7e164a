import type { Endpoint, EndpointHints } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";

const byZone = new Set(["PreferClose", "PreferSameZone", "PreferSameNode"]);

/**
 * Who should use an endpoint first, by the Service's `trafficDistribution`; `undefined` when everybody may.
 *
 * Only ready endpoints carry hints. `PreferSameNode` hints at the zone as well, for nodes without an endpoint of their own.
 */
export function hintsFor(endpoint: Endpoint, trafficDistribution: string | undefined): EndpointHints | undefined {
  if (trafficDistribution === undefined || !byZone.has(trafficDistribution)) return undefined;
  if (endpoint.conditions.ready !== true) return undefined;
  const hints: EndpointHints = {
    ...(endpoint.zone !== undefined && { forZones: [{ name: endpoint.zone }] }),
    ...(trafficDistribution === "PreferSameNode" &&
      endpoint.nodeName !== undefined && { forNodes: [{ name: endpoint.nodeName }] }),
  };
  return Object.keys(hints).length === 0 ? undefined : hints;
}
