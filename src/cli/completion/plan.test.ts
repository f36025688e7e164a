import assert from "node:assert/strict";
import { test } from "node:test";
import { commands as realCommands } from "../commands.ts";
import type { Command } from "../define-command.ts";
import { defineCommand } from "../define-command.ts";
import { planCompletion } from "./plan.ts";

const shared = { examples: [], run: async () => 0 } as const;
const commands: readonly Command[] = [
  defineCommand({
    ...shared,
    name: "up",
    summary: "Make it",
    positionals: [],
    flags: {
      name: { type: "string", source: "clusters", help: "Which" },
      file: { type: "string", short: "f", multiple: true, source: "files", help: "What" },
      quiet: { type: "boolean", short: "q", help: "Say less" },
      uplink: { type: "string", choices: ["none", "nat"], help: "How" },
      nodes: { type: "string", help: "How many" },
    },
  }),
  defineCommand({ ...shared, name: "node", summary: "Be one", positionals: [], flags: {} }),
  defineCommand({ ...shared, name: "node add", summary: "One more", positionals: [], flags: {} }),
  defineCommand({
    ...shared,
    name: "node remove",
    summary: "One less",
    positionals: ["NODE"],
    positionalSources: ["nodes"],
    flags: { name: { type: "string", short: "n", source: "clusters", help: "Which" } },
  }),
  defineCommand({ ...shared, name: "image ls", summary: "List", positionals: [], flags: {} }),
  defineCommand({
    ...shared,
    name: "image load",
    summary: "Load",
    positionals: ["ARCHIVE..."],
    positionalSources: ["files"],
    flags: {},
  }),
  defineCommand({
    ...shared,
    name: "shell",
    summary: "Choose one",
    positionals: ["SHELL", "[MORE...]"],
    positionalSources: [["bash", "zsh"]],
    flags: {},
  }),
  defineCommand({ ...shared, name: "secret", summary: "Hidden", positionals: [], flags: {}, hidden: true }),
];

/** `|` is the end of the line: the word before it is being typed. */
const cases: { line: string; want: string }[] = [
  { line: "|", want: "up node image shell help" },
  { line: "n|", want: "node" },
  { line: "secr|", want: "" },
  { line: "x|", want: "" },
  { line: "x |", want: "" },
  { line: "help |", want: "up node image shell" },
  { line: "help node |", want: "add remove" },
  { line: "node |", want: "add remove" },
  { line: "node r|", want: "remove" },
  { line: "node -|", want: "--help" },
  { line: "image |", want: "ls load" },
  { line: "image l|", want: "ls load" },
  { line: "image x |", want: "" },
  { line: "up |", want: "" },
  { line: "up -|", want: "--name --file --quiet --uplink --nodes -f -q --help" },
  { line: "up --n|", want: "--name --nodes" },
  { line: "up --name shop --n|", want: "--nodes" },
  { line: "up --name=shop --n|", want: "--nodes" },
  { line: "up -f x --f|", want: "--file" },
  { line: "up -q --q|", want: "" },
  { line: "up --name |", want: "<clusters>" },
  { line: "up --name s|", want: "<clusters>" },
  { line: "up --name=s|", want: "<clusters behind --name=>" },
  { line: "up --name -|", want: "<clusters>" },
  { line: "up -f |", want: "<files>" },
  { line: "up --file=a/b|", want: "<files behind --file=>" },
  { line: "up --uplink |", want: "none nat" },
  { line: "up --uplink no|", want: "none" },
  { line: "up --uplink=n|", want: "--uplink=none --uplink=nat" },
  { line: "up --uplink=none |", want: "" },
  { line: "up --nodes |", want: "" },
  { line: "up --bogus |", want: "" },
  { line: "up --bogus=|", want: "" },
  { line: "node remove |", want: "<nodes>" },
  { line: "node remove --name shop |", want: "<nodes of shop>" },
  { line: "node remove --name=shop |", want: "<nodes of shop>" },
  { line: "node remove -n shop |", want: "<nodes of shop>" },
  { line: "node remove -nshop |", want: "<nodes of shop>" },
  { line: "node remove a |", want: "" },
  { line: "node remove a -|", want: "--name -n --help" },
  { line: "node remove -- -|", want: "<nodes>" },
  { line: "image load a b |", want: "<files>" },
  { line: "shell |", want: "bash zsh" },
  { line: "shell b|", want: "bash" },
  { line: "shell bash |", want: "" },
];
for (const { line, want } of cases) {
  test(`"fairlead ${line}" can go on with ${want || "nothing"}`, () => {
    const { words, lookUp } = planCompletion(commands, line.slice(0, -1).split(" "));
    const shown = words.map(({ word }) => word);
    if (lookUp !== undefined) {
      const { source, prefix, cluster } = lookUp;
      shown.push(`<${source}${prefix && ` behind ${prefix}`}${cluster === undefined ? "" : ` of ${cluster}`}>`);
    }
    assert.equal(shown.join(" "), want);
  });
}

test("candidates come with what they mean; a word that only begins names, with the rest of them", () => {
  const { words } = planCompletion(commands, [""]);
  assert.deepEqual(
    words.map(({ help }) => help),
    ["Make it", "Be one, add, remove", "ls, load", "Choose one", "Explain a command"],
  );
});

for (const { name, hidden } of realCommands) {
  test(`"${name}" is ${hidden ? "never offered" : "offered where its name is typed"}`, () => {
    const typed = name.split(" ");
    const offered = planCompletion(realCommands, [...typed.slice(0, -1), ""]).words.map(({ word }) => word);
    assert.equal(offered.includes(typed.at(-1) ?? ""), hidden !== true);
  });
}

for (const command of realCommands.filter(({ hidden }) => !hidden)) {
  test(`every flag of "${command.name}" is offered`, () => {
    const offered = planCompletion(realCommands, [...command.name.split(" "), "--"]).words.map(({ word }) => word);
    assert.deepEqual(offered, [...Object.keys(command.flags).map((flag) => `--${flag}`), "--help"]);
  });
}
