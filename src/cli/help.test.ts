import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "./commands.ts";
import { defineCommand } from "./define-command.ts";
import { commandHelp, overview, usage } from "./help.ts";
import { parseCommandLine } from "./parse-command-line.ts";

const example = defineCommand({
  name: "image tag",
  summary: "Give an image another name",
  description: ["First paragraph.", "Second paragraph."],
  positionals: ["IMAGE", "[TAG]"],
  flags: {
    name: { type: "string", short: "n", value: "NAME", default: "fairlead", help: "Name of the cluster" },
    force: { type: "boolean", help: "Even when it is there" },
    empty: { type: "string", default: "", help: "Nothing" },
  },
  examples: ["fairlead image tag a b"],
  run: async () => 0,
});

test("a command's help has its usage, flags with their defaults, and examples", () => {
  assert.deepEqual(commandHelp(example).split("\n"), [
    "Give an image another name",
    "",
    "Usage: fairlead image tag IMAGE [TAG] [flags]",
    "",
    "First paragraph.",
    "",
    "Second paragraph.",
    "",
    "Flags:",
    "  -n, --name NAME    Name of the cluster (default fairlead)",
    "      --force        Even when it is there",
    "      --empty VALUE  Nothing",
    "",
    "Examples:",
    "  fairlead image tag a b",
  ]);
});

test("a command without flags and examples has no sections for them", () => {
  const plain = { ...example, flags: {}, examples: [], description: [], positionals: [] };
  assert.deepEqual(commandHelp(plain).split("\n"), [plain.summary, "", "Usage: fairlead image tag"]);
});

test("the overview lists every command but the hidden ones", () => {
  const lines = overview(commands).split("\n");
  for (const { name, summary, hidden } of commands) {
    const listed = lines.some((line) => line.startsWith(`  ${name} `) && line.endsWith(summary));
    assert.equal(listed, hidden !== true, name);
  }
});

test("every name is there once", () => {
  const names = commands.map((command) => command.name);
  assert.deepEqual(names, [...new Set(names)]);
});

for (const command of commands) {
  test(`"fairlead ${command.name}" explains itself`, () => {
    const help = commandHelp(command);
    assert.ok(help.startsWith(`${command.summary}\n\n${usage(command)}`));
    for (const [name, flag] of Object.entries(command.flags)) {
      assert.match(help, new RegExp(`--${name}\\b`));
      assert.notEqual(flag.help, "", name);
      assert.doesNotMatch(flag.help, /\.$/, name);
    }
    assert.doesNotMatch(command.summary, /\.$/);
  });

  test(`the flags of "fairlead ${command.name}" clash with nothing`, () => {
    const shorts = Object.values(command.flags).flatMap((flag) => flag.short ?? []);
    assert.deepEqual(shorts, [...new Set(shorts)]);
    assert.ok(!("help" in command.flags) && !shorts.includes("h"));
  });

  for (const line of command.examples) {
    test(`the example "${line}" is understood`, () => {
      const words = [...line.matchAll(/fairlead ([^|>&)]+)/g)].map(([, rest = ""]) => rest.trim().split(/\s+/));
      assert.ok(words.length > 0);
      for (const given of words) assert.notEqual(parseCommandLine(commands, given).type, "help");
    });
  }
}
