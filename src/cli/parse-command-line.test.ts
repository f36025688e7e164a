import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "./define-command.ts";
import { defineCommand } from "./define-command.ts";
import { parseCommandLine } from "./parse-command-line.ts";

const shared = { summary: "", examples: [], run: async () => 0 } as const;
const commands: readonly Command[] = [
  defineCommand({
    ...shared,
    name: "up",
    positionals: [],
    flags: {
      name: { type: "string", default: "fairlead", help: "" },
      file: { type: "string", short: "f", multiple: true, help: "" },
      quiet: { type: "boolean", short: "q", help: "" },
      wait: { type: "string", help: "" },
      output: { type: "string", choices: ["json", "yaml"], help: "" },
    },
  }),
  defineCommand({
    ...shared,
    name: "serve",
    positionals: [],
    flags: { range: { type: "string", multiple: true, default: "10.0.0.0/8", help: "" } },
  }),
  defineCommand({ ...shared, name: "node", positionals: [], flags: {} }),
  defineCommand({ ...shared, name: "node add", positionals: [], flags: {} }),
  defineCommand({ ...shared, name: "node remove", positionals: ["NODE"], flags: {} }),
  defineCommand({ ...shared, name: "image load", positionals: ["ARCHIVE..."], flags: {} }),
  defineCommand({ ...shared, name: "test", positionals: ["[FILE...]"], flags: {} }),
  defineCommand({ ...shared, name: "image build", positionals: ["[FOLDER]"], flags: {} }),
  defineCommand({ ...shared, name: "secret run", positionals: [], flags: {}, hidden: true }),
];

/** The command, its positionals and the flags that differ from undefined, in a line. */
function shown(line: string): string {
  const parsed = parseCommandLine(commands, line.split(" ").filter(Boolean));
  if (parsed.type === "help") return `help ${parsed.command?.name ?? ""}`.trim();
  return `${parsed.command.name} ${JSON.stringify(parsed.args.positionals)} ${JSON.stringify(parsed.args.flags)}`;
}

const lines: { line: string; want: string }[] = [
  { line: "", want: "help" },
  { line: "help", want: "help" },
  { line: "--help", want: "help" },
  { line: "-h", want: "help" },
  { line: "help up", want: "help up" },
  { line: "help node add", want: "help node add" },
  { line: "up --help", want: "help up" },
  { line: "node add -h", want: "help node add" },
  { line: "node remove --help", want: "help node remove" },
  { line: "up --bogus --help", want: "help up" },
  { line: "up", want: 'up [] {"name":"fairlead","file":[],"quiet":false}' },
  { line: "up --name a -q", want: 'up [] {"name":"a","file":[],"quiet":true}' },
  { line: "up --name=a -f x -f y --file=z", want: 'up [] {"name":"a","file":["x","y","z"],"quiet":false}' },
  { line: "up --wait 5m", want: 'up [] {"name":"fairlead","file":[],"quiet":false,"wait":"5m"}' },
  { line: "up --output yaml", want: 'up [] {"name":"fairlead","file":[],"quiet":false,"output":"yaml"}' },
  { line: "image load -- --help", want: 'image load ["--help"] {}' },
  { line: "serve", want: 'serve [] {"range":["10.0.0.0/8"]}' },
  { line: "serve --range fd00::/8 --range 10.1.0.0/16", want: 'serve [] {"range":["fd00::/8","10.1.0.0/16"]}' },
  { line: "node", want: "node [] {}" },
  { line: "node add", want: "node add [] {}" },
  { line: "node remove a", want: 'node remove ["a"] {}' },
  { line: "image load a b c", want: 'image load ["a","b","c"] {}' },
  { line: "test", want: "test [] {}" },
  { line: "test a b", want: 'test ["a","b"] {}' },
  { line: "image build", want: "image build [] {}" },
  { line: "image build a", want: 'image build ["a"] {}' },
  { line: "image load -- -a", want: 'image load ["-a"] {}' },
];
for (const { line, want } of lines) {
  test(`"fairlead ${line}" is ${want}`, () => {
    const shownNow = shown(line);
    assert.equal(shownNow, sortedLike(shownNow, want));
  });
}

/** `want` with its flags in the order in which they were found: it means nothing. */
function sortedLike(found: string, want: string): string {
  const [, head, flags] = /^(.*\] )(\{.*\})$/.exec(want) ?? [];
  const [, , foundFlags] = /^(.*\] )(\{.*\})$/.exec(found) ?? [];
  if (flags === undefined || foundFlags === undefined) return want;
  assert.deepEqual(JSON.parse(foundFlags), JSON.parse(flags));
  return `${head}${foundFlags}`;
}

const wrong: { line: string; want: RegExp }[] = [
  { line: "nonsense", want: /^"nonsense" is not a command: "fairlead help" lists them$/ },
  { line: "upgrade", want: /^"upgrade" is not a command/ },
  { line: "pu --quiet", want: /^"pu" is not a command: did you mean "fairlead up"\? "fairlead help" lists them$/ },
  { line: "nod remove a", want: /^"nod" is not a command: did you mean "fairlead node remove"\? / },
  { line: "up --quite", want: /^"fairlead up" has no flag --quite: did you mean --quiet\? "fairlead up --help" / },
  { line: "help nonsense", want: /^"nonsense" is not a command/ },
  { line: "--version", want: /^"--version" is not a command/ },
  { line: "image", want: /^"image" is not a command: use image load, image build$/ },
  { line: "image push", want: /^"image push" is not a command: use image load, image build$/ },
  { line: "secret", want: /^"secret" is not a command: "fairlead help"/ },
  { line: "up --bogus", want: /^"fairlead up" has no flag --bogus: "fairlead up --help" lists them$/ },
  { line: "up --bogus=1 --output xml", want: /^"fairlead up" has no flag --bogus: / },
  { line: "up -x", want: /^"fairlead up" has no flag -x: / },
  { line: "up -qx", want: /^"fairlead up" has no flag -x: / },
  { line: "up --name", want: /--name <value>' argument missing/ },
  { line: "up --quiet=yes", want: /does not take an argument/ },
  { line: "up --no-quiet", want: /^"fairlead up" has no flag --no-quiet: / },
  { line: "up --output xml", want: /^--output "xml" must be json or yaml$/ },
  { line: "up now", want: /^"fairlead up" does not take "now"$/ },
  { line: "node drain", want: /^"fairlead node" does not take "drain"$/ },
  { line: "node remove", want: /^"fairlead node remove" needs NODE$/ },
  { line: "node remove a b", want: /^"fairlead node remove" does not take "b"$/ },
  { line: "image load", want: /^"fairlead image load" needs ARCHIVE$/ },
  { line: "image build a b", want: /^"fairlead image build" does not take "b"$/ },
];
for (const { line, want } of wrong) {
  test(`"fairlead ${line}" is refused`, () => {
    assert.throws(() => shown(line), { name: "UsageError", message: want });
  });
}
