import { createHash } from "node:crypto";
import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Service } from "@fairlead/api/core/v1/service/service";
import type { EndpointSlice } from "@fairlead/api/discovery/v1/endpointslice/endpointslice";
import { labelSelectorMatches } from "@fairlead/api/selectors/label-selector";
import type { Labels } from "@fairlead/api/selectors/requirement";
import type { L2Advertisement } from "../kinds/l2-advertisement.ts";
import { isAbleToAnnounce, matchesOne, readyEndpoints, selectsPool } from "./selection.ts";

/** What decides which node answers for a Service's addresses. */
export interface ElectionInput {
  readonly service: Service;
  /** Its addresses, at least one. */
  readonly addresses: readonly string[];
  /** The pool that they are of. */
  readonly pool: { readonly name: string; readonly labels: Labels | undefined };
  readonly slices: readonly EndpointSlice[];
  readonly advertisements: readonly L2Advertisement[];
  readonly nodes: readonly Node[];
}

/** The nodes that may answer, the first one before the others; or why none may. */
export type Election =
  | { readonly candidates: readonly string[]; readonly interfacesOf: (node: string) => readonly string[] | undefined }
  | { readonly why: string };

/**
 * Elects the node that answers by ARP and NDP for a Service's addresses. Every node comes to the same result without asking
 * the others: MetalLB's order, by weights and then by the hash of node and first address.
 *
 * Unlike MetalLB a node that is not Ready comes in only when none is: its kubelet has written nothing for a while.
 * (https://metallb.io/concepts/layer2/)
 */
export function electNode({ service, addresses, pool, slices, advertisements, nodes }: ElectionInput): Election {
  const ready = readyEndpoints(slices);
  if (ready.length === 0) return { why: "no endpoint of the Service is ready" };
  const own = advertisements.filter((one) => isFor(one, service) && selectsPool(one.spec ?? {}, pool));
  if (own.length === 0) return { why: `no L2Advertisement is for the pool "${pool.name}" and this Service` };
  const able = nodes.filter((node) => isAbleToAnnounce(node) && own.some((one) => selectsNode(one, node)));
  if (able.length === 0) return { why: "no node may answer that an L2Advertisement selects" };
  const isLocal = service.spec.externalTrafficPolicy === "Local";
  const serving = isLocal
    ? able.filter(({ metadata }) => ready.some(({ nodeName }) => nodeName === metadata.name))
    : able;
  if (serving.length === 0) {
    return { why: "no node that may answer has a ready endpoint, as the policy Local asks for" };
  }
  const healthy = serving.filter(isReady);
  const chosen = healthy.length > 0 ? healthy : serving;
  const rank = new Map(chosen.map((node) => [node.metadata.name, rankOf(node, own, addresses[0] ?? "")]));
  const candidates = [...rank.keys()].toSorted((a, b) => compareRanks(rank.get(a), rank.get(b)));
  return {
    candidates,
    interfacesOf: (name) =>
      interfacesOf(
        nodes.find(({ metadata }) => metadata.name === name),
        own,
      ),
  };
}

/** Returns the first candidate that is there. @param isAlive - Asked of those before it. */
export function firstAlive(candidates: readonly string[], isAlive: (node: string) => boolean): string | undefined {
  return candidates.find(isAlive) ?? candidates[0];
}

interface Rank {
  readonly weight: number;
  readonly hash: string;
}

function rankOf({ metadata }: Node, advertisements: readonly L2Advertisement[], address: string): Rank {
  const weights = advertisements.flatMap(({ spec }) => spec?.preferredNodeSelectors ?? []);
  const weight = weights
    .filter(({ preference }) => labelSelectorMatches(preference, metadata.labels))
    .reduce((sum, preferred) => sum + preferred.weight, 0);
  return { weight, hash: createHash("sha256").update(`${metadata.name}#${address}`).digest("hex") };
}

function compareRanks(one: Rank | undefined, other: Rank | undefined): number {
  if (one === undefined || other === undefined) return 0;
  return one.weight === other.weight ? (one.hash < other.hash ? -1 : 1) : other.weight - one.weight;
}

/** Undefined: all of the node. */
function interfacesOf(
  node: Node | undefined,
  advertisements: readonly L2Advertisement[],
): readonly string[] | undefined {
  const own = advertisements.filter((one) => node !== undefined && selectsNode(one, node));
  if (own.some(({ spec }) => (spec?.interfaces ?? []).length === 0)) return undefined;
  return [...new Set(own.flatMap(({ spec }) => spec?.interfaces ?? []))];
}

function isReady({ status }: Node): boolean {
  return (status.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True");
}

function isFor({ spec }: L2Advertisement, { metadata }: Service): boolean {
  return matchesOne(spec?.serviceSelectors, metadata.labels);
}

function selectsNode({ spec }: L2Advertisement, { metadata }: Node): boolean {
  return matchesOne(spec?.nodeSelectors, metadata.labels);
}
