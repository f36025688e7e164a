import type { Node } from "@fairlead/api/core/v1/node/node";
import type { Service } from "@fairlead/api/core/v1/service/service";
import { POOL_ANNOTATION } from "../addresses/wish.ts";
import { parseAddress } from "../pools/address.ts";
import { type ElectionInput, electNode, firstAlive } from "./choose-node.ts";

/** What a node does about a Service. */
export type Decision =
  /** Answers for its addresses, at these interfaces. Undefined: at all. */
  | {
      readonly type: "answer";
      readonly addresses: readonly string[];
      readonly interfaces: readonly string[] | undefined;
    }
  | { readonly type: "leave"; readonly to: string }
  /** No node answers. */
  | { readonly type: "none"; readonly why: string }
  /** The Service has no address of a pool. */
  | { readonly type: "nothing" };

export interface DecisionInput extends Omit<ElectionInput, "addresses" | "pool" | "service"> {
  readonly service: Service | undefined;
  readonly nodeName: string;
  /** Labels of a pool. */
  poolLabels(name: string): Readonly<Record<string, string>> | undefined;
  /** Whether a machine answers, by its address. */
  isAlive(address: string): boolean;
}

/** The addresses of a pool that a Service has. Undefined where it has none, or is not to have any more. */
export function givenTo(
  service: Service | undefined,
): { readonly pool: string; readonly addresses: readonly string[] } | undefined {
  const pool = service?.metadata.annotations?.[POOL_ANNOTATION];
  const addresses = (service?.status.loadBalancer?.ingress ?? []).flatMap(({ ip = "" }) =>
    parseAddress(ip) === undefined ? [] : [ip],
  );
  if (service === undefined || pool === undefined || addresses.length === 0) return undefined;
  if (service.spec.type !== "LoadBalancer" || service.metadata.deletionTimestamp !== undefined) return undefined;
  return { pool, addresses };
}

/** Decides whether this node answers for a Service's addresses. */
export function decide({ service, nodeName, poolLabels, isAlive, ...rest }: DecisionInput): Decision {
  const given = givenTo(service);
  if (service === undefined || given === undefined) return { type: "nothing" };
  const { pool, addresses } = given;
  const election = electNode({ ...rest, service, addresses, pool: { name: pool, labels: poolLabels(pool) } });
  if ("why" in election) return { type: "none", why: election.why };
  const { candidates, interfacesOf } = election;
  const isThere = (name: string) => name === nodeName || isAlive(addressOf(rest.nodes, name));
  const chosen = firstAlive(candidates, isThere) ?? nodeName;
  if (chosen !== nodeName) return { type: "leave", to: chosen };
  return { type: "answer", addresses, interfaces: interfacesOf(nodeName) };
}

/** Whether this node is the one that says why none answers: of all that are Ready, or of all, the first by name. */
export function isReporter(nodes: readonly Node[], nodeName: string): boolean {
  const ready = nodes.filter(({ status }) =>
    (status.conditions ?? []).some(({ type, status: is }) => type === "Ready" && is === "True"),
  );
  const names = (ready.length > 0 ? ready : nodes).map(({ metadata }) => metadata.name);
  return names.toSorted()[0] === nodeName;
}

function addressOf(nodes: readonly Node[], name: string): string {
  const addresses = nodes.find(({ metadata }) => metadata.name === name)?.status.addresses ?? [];
  return addresses.find(({ type }) => type === "InternalIP")?.address ?? "";
}
