import type { Node } from "@fairlead/api/core/v1/node/node";
import { LABEL } from "@fairlead/api/well-known";
import { isReady, readyCondition } from "./health.ts";

/** A zone with this share of its nodes away is in trouble, rather than its nodes. Upstream's figures. */
const UNHEALTHY_SHARE = 0.55;
/** A zone of more nodes goes on evicting then, only more slowly; a smaller one stops. */
const LARGE_ZONE_NODES = 50;
const NODES_PER_SECOND = 0.1;
const NODES_PER_SECOND_IN_TROUBLE = 0.01;

/** How pods may be evicted in a zone. */
export interface ZoneState {
  /** No node anywhere is ready: it is more likely that we are cut off than that all of them are gone. */
  readonly isBlackout: boolean;
  /** Nodes per second from which pods may start to be evicted; 0 when not at all. */
  readonly nodesPerSecond: number;
}

/** Region and zone, by which nodes are taken together. */
export function zoneOf({ metadata: { labels = {} } }: Node): string {
  return `${labels[LABEL.region] ?? ""}:${labels[LABEL.zone] ?? ""}`;
}

/** How things stand in one zone. Nodes excluded by label do not count, nor do those whose kubelet never spoke. */
export function zoneState(nodes: readonly Node[], zone: string): ZoneState {
  const counted = nodes.filter(
    (node) =>
      node.metadata.labels?.["node.kubernetes.io/exclude-disruption"] === undefined &&
      readyCondition(node) !== undefined,
  );
  const inZone = counted.filter((node) => zoneOf(node) === zone);
  const away = inZone.filter((node) => !isReady(node)).length;
  const isBlackout = counted.length > 0 && !counted.some(isReady);
  if (isBlackout) return { isBlackout, nodesPerSecond: 0 };
  const isInTrouble = away < inZone.length && away > 2 && away / inZone.length >= UNHEALTHY_SHARE;
  const inTrouble = inZone.length > LARGE_ZONE_NODES ? NODES_PER_SECOND_IN_TROUBLE : 0;
  return { isBlackout, nodesPerSecond: isInTrouble ? inTrouble : NODES_PER_SECOND };
}
