/** Every word of the packet filter's vocabulary, as the real nft takes it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import type { Operation } from "../../src/nftables/changes/diff.ts";
import { addTable, commands } from "../../src/nftables/text/commands.ts";
import type { RuleRow } from "../../src/nftables/text/rows.testing.ts";
import { hookRows, ruleRows, setRows } from "../../src/nftables/text/rows.testing.ts";
import { joined } from "../../src/nftables/words/field.ts";
import type { Element, Family, Hook, NamedSet, NftObject } from "../../src/nftables/words/ruleset.ts";
import { verdictValue } from "../../src/nftables/words/verdict.ts";
import { insideOwnNamespaces } from "./own-namespaces.testing.ts";

if (insideOwnNamespaces(import.meta.filename)) {
  /** Asks nft and the kernel whether they would take the commands, without running them. */
  const check = (lines: readonly string[]): void =>
    void execFileSync("nft", ["-c", "-f", "-"], { input: `${lines.join("\n")}\n`, stdio: ["pipe", "pipe", "pipe"] });

  for (const row of ruleRows) {
    test(`nft takes the rule: ${row.family ?? "ip"} ${row.want}`, { timeout: 60_000 }, () => check(tableWith(row)));
  }

  for (const { set, family = "ip", want } of setRows) {
    test(`nft takes the set: ${want}`, { timeout: 60_000 }, () => {
      const table = { family, name: "t" };
      check([addTable(table), ...commands(add([chain("c"), set]), table)]);
    });
  }

  for (const { hook, want } of hookRows) {
    test(`nft takes the hook: ${want}`, { timeout: 60_000 }, () => {
      const object = { object: "chain", name: "c", hook, rules: [] } as const;
      check([addTable(TABLE), ...commands(add([object]), TABLE)]);
    });
  }

  test("nft takes ranges and verdicts as elements", { timeout: 60_000 }, () => {
    const goTo = verdictValue({ do: "goto", chain: "c" });
    check([
      addTable(TABLE),
      ...commands(
        add([
          chain("c"),
          { object: "set", name: "m", key: ["address"], data: "verdict", ranges: true },
          element("m", "10.0.0.0/8", goTo),
          element("m", "192.0.2.1", verdictValue({ do: "accept" })),
          { object: "set", name: "s", key: ["address", "protocol", "port"], ranges: true },
          element("s", joined("10.0.0.0/8", "tcp", "80-90")),
          element("s", joined("10.0.0.1", "udp", 53)),
          { object: "set", name: "i", key: ["interface"], data: "verdict" },
          element("i", "eth0", goTo),
        ]),
        TABLE,
      ),
    ]);
  });

  test("the check can fail: nft refuses what it does not know", { timeout: 60_000 }, () => {
    assert.throws(() => check([addTable(TABLE), "add rule ip t c ip saddr nonsense here"]), /Error: /);
  });
}

const TABLE = { family: "ip", name: "t" } as const;

/** The commands of a table with the row's rule in a hook that may have it, and everything that rules name. */
function tableWith({ rule, family = "ip", hook = { type: "filter", hook: "prerouting" } }: RuleRow): readonly string[] {
  const table = { family, name: "t" };
  const at: Hook = { ...hook, priority: 0 };
  return [
    addTable(table),
    ...commands(
      add([chain("c"), chain("d"), ...named(family), { object: "chain", name: "hooked", hook: at, rules: [rule] }]),
      table,
    ),
  ];
}

function named(family: Family): readonly NamedSet[] {
  const own = setRows.filter((row) => (row.family ?? "ip") === family).map(({ set }) => set);
  const other = setRows.map(({ set }) => set).filter(({ name }) => !own.some((set) => set.name === name));
  return [...own, ...other];
}

function add(objects: readonly NftObject[]): readonly Operation[] {
  const added = objects.map((object): Operation => ({ verb: "add", object }));
  const filled = objects.flatMap((object): readonly Operation[] =>
    object.object === "chain" ? [{ verb: "fill", object }] : [],
  );
  return [...added, ...filled];
}

function chain(name: string): NftObject {
  return { object: "chain", name, rules: [] };
}

function element(set: string, key: string, value = ""): Element {
  return { object: "element", set, key, value };
}
