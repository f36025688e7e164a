import type { Action, Condition } from "../words/rule.ts";
import { parseVerdict, type Verdict } from "../words/verdict.ts";
import type { Traced } from "./packet.testing.ts";
import { fieldOf, keyOf } from "./packet.testing.ts";
import type { FakeTable } from "./tables.testing.ts";
import { elementFor, elementsOf, isWithin } from "./tables.testing.ts";

/** Surroundings of a packet that meets a chain. */
export interface World {
  readonly table: FakeTable;
  readonly nodeAddresses: readonly string[];
  random(count: number): number;
}

/** The end of a packet's way through one hook's chain. */
export type Fate = "accept" | "reject" | "drop";

/** What the chain says; nothing, when the packet came to its end, or to a `return`. */
export function runChain(world: World, traced: Traced, name: string): Fate | undefined {
  const chain = world.table.chains.get(name);
  if (chain === undefined) throw new Error(`there is no chain ${name}`);
  traced.met.push(name);
  for (const { match, action } of chain.rules) {
    if (!match.every((condition) => holds(world, traced, condition))) continue;
    const verdict = verdictOf(world, traced, action);
    if (verdict === undefined) continue;
    if (verdict.do === "goto") return runChain(world, traced, verdict.chain);
    if (verdict.do === "return") return undefined;
    const fate = verdict.do === "jump" ? runChain(world, traced, verdict.chain) : verdict.do;
    if (fate !== undefined) return fate;
  }
  return undefined;
}

/** The verdict of the action, after its effect on the packet. */
function verdictOf(world: World, traced: Traced, action: Action): Verdict | { readonly do: "reject" } | undefined {
  const { table } = world;
  switch (action.do) {
    case "jump":
    case "goto":
    case "accept":
    case "drop":
    case "return":
      return action;
    case "reject":
      return { do: "reject" };
    case "choose":
      return { do: "goto", chain: action.chains[world.random(action.chains.length)] ?? "" };
    case "look up": {
      const value = elementFor(table, action.map, keyOf(traced, action.key));
      return value === undefined ? undefined : parseVerdict(value);
    }
    case "translate": {
      const key = `${keyOf(traced, action.key)} . ${world.random(action.count)}`;
      const isOfProtocol = fieldOf(traced, "protocol") === action.protocol;
      return isOfProtocol ? translated(traced, elementsOf(table, action.map).get(key)) : undefined;
    }
    case "translate to":
      return translated(traced, action.endpoint);
    case "remember":
      elementsOf(table, action.set).set(keyOf(traced, action.key), "");
      return undefined;
    case "mark":
      traced.mark |= action.bits;
      return undefined;
    case "unmark":
      traced.mark &= ~action.bits;
      return undefined;
    case "masquerade":
      traced.isMasqueraded = true;
      return { do: "accept" };
    case "trace":
    case "count":
      return undefined;
  }
}

function translated(traced: Traced, endpoint: string | undefined): Verdict | undefined {
  if (endpoint === undefined) return undefined;
  const [address = "", port] = endpoint.split(" . ");
  Object.assign(traced, { address, port: Number(port), isTranslated: true });
  return { do: "accept" };
}

function holds({ table, nodeAddresses }: World, traced: Traced, condition: Condition): boolean {
  const isNot = "not" in condition && condition.not === true;
  switch (condition.is) {
    case "connection":
      return condition.states.includes(traced.packet.state ?? "new");
    case "translated":
      return traced.isTranslated;
    case "marked":
      return (traced.mark & condition.bits) !== 0;
    case "local":
      return nodeAddresses.includes(fieldOf(traced, condition.field)) !== isNot;
    case "loopback":
      return isLoopback(fieldOf(traced, condition.field)) !== isNot;
    case "icmp":
      return traced.packet.icmp === condition.message;
    case "one of": {
      const field = fieldOf(traced, condition.field);
      // A packet without the field matches neither the values nor their opposite.
      return field !== "" && condition.values.some((value) => isWithin(field, `${value}`)) !== isNot;
    }
    case "in set": {
      const hasFields = condition.key.every((field) => fieldOf(traced, field) !== "");
      return hasFields && (elementFor(table, condition.set, keyOf(traced, condition.key)) !== undefined) !== isNot;
    }
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
