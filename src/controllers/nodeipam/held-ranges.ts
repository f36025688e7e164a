import type { Node } from "@fairlead/api/core/v1/node/node";
import type { NodeRanges } from "./plan.ts";

/** Which node has which ranges, also while the API does not show them yet. */
export interface HeldRanges {
  /** The node has these ranges, and no others. */
  hold(node: Node, cidrs: readonly string[]): void;
  /** Releases the node's ranges. */
  letGo(name: string): void;
  /** Whether this very node, not an earlier one of its name, was given ranges. */
  has(node: Node): boolean;
}

/** Starts without holders; `ranges` is informed of every range that is taken or released. */
export function heldRanges(ranges: NodeRanges): HeldRanges {
  const held = new Map<string, { readonly uid: string; readonly cidrs: readonly string[] }>();

  function letGo(name: string): void {
    for (const cidr of held.get(name)?.cidrs ?? []) ranges.release(cidr);
    held.delete(name);
  }

  return {
    hold({ metadata: { name, uid } }, cidrs) {
      if (held.get(name)?.uid === uid && held.get(name)?.cidrs.join() === cidrs.join()) return;
      letGo(name);
      for (const cidr of cidrs) ranges.occupy(cidr);
      held.set(name, { uid, cidrs });
    },
    letGo,
    has: ({ metadata: { name, uid } }) => held.get(name)?.uid === uid,
  };
}

/** The ranges that the API says the node has. */
export function rangesOf({ spec }: Node): readonly string[] {
  return spec.podCIDRs ?? (spec.podCIDR ? [spec.podCIDR] : []);
}
