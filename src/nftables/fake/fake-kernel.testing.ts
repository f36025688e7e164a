import ipaddr from "ipaddr.js";
import type { Operation } from "../changes/diff.ts";
import type { Action, Chain, Condition, LookupKey, NamedSet, Protocol, Rule } from "../words/ruleset.ts";
import { joined } from "../words/ruleset.ts";

export interface Packet {
  readonly from: string;
  readonly to: string;
  readonly port: number;
  /** Default `tcp`. */
  readonly protocol?: Protocol;
  /** It belongs to no connection, and begins none. Default: it begins one. */
  readonly stray?: boolean;
}

/**
 * A packet filter in memory: takes the operations that the real one takes, refuses what it refuses, and tells what becomes
 * of the first packet of a connection.
 */
export interface FakeKernel {
  /** Throws what the kernel would answer, as `EEXIST services 10.96.0.1 . tcp . 80`; half-done then, unlike the real one. */
  apply(operations: readonly Operation[]): void;
  /**
   * The packet's fate: `10.244.1.2:8080` or `unchanged`, with ` masqueraded` where its source is rewritten; `reject`, `drop`.
   *
   * @param random - Of `count` choices, which one. Default: the first.
   */
  trace(packet: Packet, random?: (count: number) => number): string;
  /** How many elements there are. */
  readonly elementCount: number;
}

interface Table {
  readonly chains: Map<string, { readonly chain: Chain; rules: readonly Rule[] }>;
  readonly sets: Map<string, { readonly set: NamedSet; readonly elements: Map<string, string> }>;
}

/** @param nodeAddresses - What the node calls its own; packets from there leave it, all others come in or pass. */
export function createFakeKernel(nodeAddresses: readonly string[]): FakeKernel {
  const table: Table = { chains: new Map(), sets: new Map() };
  return {
    apply(operations) {
      for (const operation of operations) applyOne(table, operation);
    },
    trace: (packet, random = () => 0) => trace({ table, nodeAddresses, random }, packet),
    get elementCount() {
      return [...table.sets.values()].reduce((sum, { elements }) => sum + elements.size, 0);
    },
  };
}

function applyOne({ chains, sets }: Table, { verb, object }: Operation): void {
  const refuse = (error: string): never => {
    throw new Error(`${error} ${verb} ${JSON.stringify(object)}`);
  };
  switch (object.object) {
    case "set":
      if (verb === "add") sets.set(object.name, { set: object as NamedSet, elements: new Map() });
      else if (verb === "flush") sets.get(object.name)?.elements.clear();
      else if (!sets.delete(object.name)) refuse("ENOENT");
      return;
    case "chain": {
      const present = chains.get(object.name);
      if (verb === "add") chains.set(object.name, { chain: object as Chain, rules: [] });
      else if (present === undefined) refuse("ENOENT");
      else if (verb === "fill")
        chains.set(object.name, { ...present, rules: [...present.rules, ...(object as Chain).rules] });
      else if (verb === "flush") chains.set(object.name, { ...present, rules: [] });
      else if (isNamed({ chains, sets }, object.name)) refuse("EBUSY");
      else chains.delete(object.name);
      return;
    }
    case "element": {
      const elements = sets.get(object.set)?.elements;
      if (elements === undefined) throw refuse("ENOENT");
      if (verb === "delete") {
        if (!elements.delete(object.key)) refuse("ENOENT");
        return;
      }
      if ((elements.get(object.key) ?? object.value) !== object.value) refuse("EEXIST");
      const target = /^goto (.*)/.exec(object.value)?.[1];
      if (target !== undefined && !chains.has(target)) refuse("ENOENT");
      elements.set(object.key, object.value);
    }
  }
}

function isNamed({ chains, sets }: Table, chain: string): boolean {
  const inRules = [...chains.values()].some(({ rules }) => JSON.stringify(rules).includes(`"chain":"${chain}"`));
  return inRules || [...sets.values()].some(({ elements }) => [...elements.values()].includes(`goto ${chain}`));
}

interface World {
  readonly table: Table;
  readonly nodeAddresses: readonly string[];
  random(count: number): number;
}

interface State {
  readonly packet: Required<Packet>;
  address: string;
  port: number;
  isTranslated: boolean;
  isMarked: boolean;
  isMasqueraded: boolean;
}

type Verdict = "accept" | "reject" | "drop";

function trace(world: World, packet: Packet): string {
  const whole = { protocol: "tcp", stray: false, ...packet } as const;
  const state: State = {
    packet: whole,
    address: packet.to,
    port: packet.port,
    isTranslated: false,
    isMarked: false,
    isMasqueraded: false,
  };
  const entry = world.nodeAddresses.includes(packet.from) ? "output" : "prerouting";
  for (const hook of [entry, "postrouting"]) {
    // Only packets of connections are ever translated.
    const sees = ({ hook: at }: Chain) => at?.hook === hook && !(at.type === "nat" && whole.stray);
    const chains = [...world.table.chains.values()].filter(({ chain }) => sees(chain));
    for (const { chain } of chains.toSorted((a, b) => (a.chain.hook?.priority ?? 0) - (b.chain.hook?.priority ?? 0))) {
      const verdict = runChain(world, state, chain.name);
      if (verdict === "reject" || verdict === "drop") return verdict;
    }
  }
  const where = state.isTranslated ? `${state.address}:${state.port}` : "unchanged";
  return state.isMasqueraded ? `${where} masqueraded` : where;
}

/** What the chain says; nothing, when the packet came to its end. */
function runChain(world: World, state: State, name: string): Verdict | undefined {
  const chain = world.table.chains.get(name);
  if (chain === undefined) throw new Error(`there is no chain ${name}`);
  for (const { match, action } of chain.rules) {
    if (!match.every((condition) => holds(world, state, condition))) continue;
    if (action.do === "jump") {
      const verdict = runChain(world, state, action.chain);
      if (verdict !== undefined) return verdict;
      continue;
    }
    const target = destinationOf(world, state, action);
    if (target !== undefined) return verdictOf(world, state, target);
    const verdict = act(world, state, action);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** A verdict as elements hold it, of an action that has one. */
function destinationOf(world: World, state: State, action: Action): string | undefined {
  if (action.do === "goto") return `goto ${action.chain}`;
  if (action.do === "choose") return `goto ${action.chains[world.random(action.chains.length)]}`;
  if (action.do === "look up") return elementsOf(world, action.map).get(keyOf(state, action.key));
  return undefined;
}

function verdictOf(world: World, state: State, verdict: string): Verdict | undefined {
  return verdict.startsWith("goto ") ? runChain(world, state, verdict.slice("goto ".length)) : (verdict as Verdict);
}

function act(world: World, state: State, action: Action): Verdict | undefined {
  switch (action.do) {
    case "translate": {
      const frontend = action.key === "frontend" ? [state.address, state.port] : [state.port];
      const key = joined(...frontend, world.random(action.count));
      if (state.packet.protocol !== action.protocol) return undefined;
      return translated(state, elementsOf(world, action.map).get(key));
    }
    case "translate to":
      return translated(state, action.endpoint);
    case "remember source":
      elementsOf(world, action.set).set(state.packet.from, "");
      return undefined;
    case "mark":
    case "unmark":
      state.isMarked = action.do === "mark";
      return undefined;
    case "masquerade":
      state.isMasqueraded = true;
      return "accept";
    case "reset":
    case "reject":
      return "reject";
    case "drop":
      return "drop";
    case "jump":
    case "goto":
    case "choose":
    case "look up":
      // Followed by the caller; a look-up that found nothing has no effect.
      return undefined;
  }
}

function translated(state: State, endpoint: string | undefined): Verdict | undefined {
  if (endpoint === undefined) return undefined;
  const [address = "", port] = endpoint.split(" . ");
  Object.assign(state, { address, port: Number(port), isTranslated: true });
  return "accept";
}

function holds({ table, nodeAddresses }: World, state: State, condition: Condition): boolean {
  const isNot = "not" in condition && condition.not === true;
  switch (condition.is) {
    case "new connection":
      return !state.packet.stray;
    case "stray":
      return state.packet.stray;
    case "translated":
      return state.isTranslated;
    case "marked":
      return state.isMarked;
    case "for this node":
      return nodeAddresses.includes(state.address) && !state.address.startsWith("127.") && state.address !== "::1";
    case "from this node":
      return nodeAddresses.includes(state.packet.from) !== isNot;
    case "protocol":
      return state.packet.protocol === condition.protocol;
    case "in set": {
      const set = table.sets.get(condition.set);
      if (set === undefined) throw new Error(`there is no set ${condition.set}`);
      const key = keyOf(state, condition.key);
      const found = set.set.ranges === true ? inRanges([...set.elements.keys()], key) : set.elements.has(key);
      return found !== isNot;
    }
  }
}

function inRanges(elements: readonly string[], key: string): boolean {
  const fields = key.split(" . ");
  return elements.some((element) => element.split(" . ").every((range, index) => isWithin(fields[index] ?? "", range)));
}

function isWithin(field: string, range: string): boolean {
  if (!range.includes("/")) return field === range;
  const address = ipaddr.parse(field);
  const [network, bits] = ipaddr.parseCIDR(range);
  return address.kind() === network.kind() && address.match(network as never, bits);
}

function elementsOf({ table }: World, name: string): Map<string, string> {
  const set = table.sets.get(name);
  if (set === undefined) throw new Error(`there is no set ${name}`);
  return set.elements;
}

function keyOf({ packet, address, port }: State, key: LookupKey): string {
  const nodePort = joined(packet.protocol, port);
  switch (key) {
    case "source":
      return packet.from;
    case "destination":
      return address;
    case "node port":
      return nodePort;
    case "frontend":
      return joined(address, nodePort);
    case "source and destination":
      return joined(packet.from, address);
    case "source and frontend":
      return joined(packet.from, address, nodePort);
  }
}
