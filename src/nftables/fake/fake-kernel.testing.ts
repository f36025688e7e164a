import type { Operation } from "../changes/diff.ts";
import type { Chain, Hook, Table } from "../words/ruleset.ts";
import type { Packet, Traced } from "./packet.testing.ts";
import { startTrace } from "./packet.testing.ts";
import type { Fate, World } from "./run-chain.testing.ts";
import { runChain } from "./run-chain.testing.ts";
import type { FakeTable } from "./tables.testing.ts";
import { applyOne } from "./tables.testing.ts";

/**
 * A packet filter in memory: takes the operations that the real one takes, refuses what it refuses, and traces
 * packets.
 */
export interface FakeKernel {
  /**
   * Throws what the kernel would answer, as `EEXIST services 10.96.0.1 . tcp . 80`; half-done then, unlike the real one.
   *
   * @param table - Default: a table of IPv4 without a name.
   */
  apply(operations: readonly Operation[], table?: Table): void;
  /**
   * The packet's fate: `10.244.1.2:8080` or `unchanged`, with ` masqueraded` where its source is rewritten; `reject`, `drop`.
   *
   * The tables of the packet's family see it, chain by chain in the order of their priorities: one from this node at output
   * and postrouting, any other at prerouting and then, by the destination it has by now, at input, or at forward and
   * postrouting. The way of a packet from this node to itself ends at postrouting here.
   *
   * @param random - Of `count` choices, which one. Default: the first.
   */
  trace(packet: Packet, random?: (count: number) => number): string;
  /** The chains that the packet meets, in order, as far as it comes: `prerouting filter`. Takes effect as `trace` does. */
  chainsMet(packet: Packet): readonly string[];
  /** How many elements there are. */
  readonly elementCount: number;
}

/** @param nodeAddresses - What the node calls its own; packets from there leave it, all others come in or pass. */
export function createFakeKernel(nodeAddresses: readonly string[]): FakeKernel {
  const tables = new Map<string, FakeTable>();
  const tableOf = ({ family, name }: Table): FakeTable => {
    const key = `${family} ${name}`;
    const table = tables.get(key) ?? { family, chains: new Map(), sets: new Map() };
    tables.set(key, table);
    return table;
  };

  function follow(packet: Packet, random: (count: number) => number): { readonly fate: Fate; readonly traced: Traced } {
    const traced = startTrace(packet);
    const family = packet.to.includes(":") ? "ip6" : "ip";
    const worlds = [...tables.values()]
      .filter((table) => table.family === family)
      .map((table): World => ({ table, nodeAddresses, random }));
    const isFromHere = nodeAddresses.includes(packet.from);
    const fate =
      runHook(worlds, traced, isFromHere ? "output" : "prerouting") ??
      (isFromHere || !nodeAddresses.includes(traced.address)
        ? ((isFromHere ? undefined : runHook(worlds, traced, "forward")) ?? runHook(worlds, traced, "postrouting"))
        : runHook(worlds, traced, "input"));
    return { fate: fate ?? "accept", traced };
  }

  return {
    apply(operations, table = { family: "ip", name: "" }) {
      for (const operation of operations) applyOne(tableOf(table), operation);
    },
    trace(packet, random = () => 0) {
      const { fate, traced } = follow(packet, random);
      if (fate !== "accept") return fate;
      const where = traced.isTranslated ? `${traced.address}:${traced.port}` : "unchanged";
      return traced.isMasqueraded ? `${where} masqueraded` : where;
    },
    chainsMet: (packet) => follow(packet, () => 0).traced.met,
    get elementCount() {
      const sets = [...tables.values()].flatMap((table) => [...table.sets.values()]);
      return sets.reduce((sum, { elements }) => sum + elements.size, 0);
    },
  };
}

/** The end of the packet in the chains of one hook, if it ends there: an `accept` is one chain's opinion. */
function runHook(worlds: readonly World[], traced: Traced, hook: Hook["hook"]): "reject" | "drop" | undefined {
  // The kernel translates by the first packet of a connection, and the others as it did that one.
  const sees = ({ hook: at }: Chain) =>
    at?.hook === hook && !(at.type === "nat" && (traced.packet.state ?? "new") !== "new");
  const chains = worlds.flatMap((world) =>
    [...world.table.chains.values()].flatMap(({ chain }) => (sees(chain) ? [{ world, chain }] : [])),
  );
  for (const { world, chain } of chains.toSorted((a, b) => priorityOf(a.chain) - priorityOf(b.chain))) {
    const fate = runChain(world, traced, chain.name) ?? chain.hook?.policy ?? "accept";
    if (fate !== "accept") return fate;
  }
  return undefined;
}

function priorityOf({ hook }: Chain): number {
  return hook?.priority ?? 0;
}
