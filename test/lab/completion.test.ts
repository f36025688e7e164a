/**
 * The completion of zsh and fish, in the shells themselves: Debian's packages, unpacked. No packets are sent, so
 * no namespaces are needed. bash is tried with the fast tests.
 */
import assert from "node:assert/strict";
import { globSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import type { ShellHome, TypedShell } from "../../src/cli/completion/shell.testing.ts";
import { makeShellHome, startShell, TYPED } from "../../src/cli/completion/shell.testing.ts";
import { runCommand } from "../../src/lib/run-command.ts";
import { unpackedPackages } from "./registry/debian-packages.testing.ts";

const LIMIT = { timeout: 240_000 };
const started = new AsyncDisposableStack();
let packages: string;
let home: ShellHome;
let zsh: TypedShell;

before(async () => {
  packages = unpackedPackages("shells");
  home = started.use(await makeShellHome());
  const [modules] = globSync(path.join(packages, "usr/lib/*/zsh/*"));
  zsh = await startShell({
    home: home.home,
    command: `${packages}/bin/zsh -f -i`,
    setUp: [
      `module_path=(${modules}) fpath=(${packages}/usr/share/zsh/functions/**/*(/))`,
      "autoload -Uz compinit && compinit -u -d $HOME/dump",
      "source <(fairlead completion zsh)",
      'show() { print -r -- "$BUFFER" >> $SHOWN }; zle -N show; bindkey "^T" show',
      "stty cols 200",
    ],
  });
  started.use(zsh);
}, LIMIT);
after(() => started.disposeAsync());

for (const { keys, want } of TYPED) {
  test(`zsh: ${keys}`, LIMIT, async () => {
    assert.equal(await zsh.line(keys.replace("<TAB>", "\t")), want);
  });
}

test("zsh: what there is, with meanings, and nothing else was ever shown", LIMIT, async () => {
  await zsh.line("fairlead image \t\t");
  assert.match(zsh.shown(), /load {3}-- Load image archives into every node/);
  assert.doesNotMatch(zsh.shown(), /annot (find|read|name)|command not found|Warning/);
});

/** Asked of fish itself: the words that could stand in the last one's place. */
async function fishCandidates(line: string): Promise<string[]> {
  const [library = ""] = globSync(path.join(packages, "usr/lib/*/libpcre2-32.so.0"));
  // Where its functions are is part of the program, which was not installed.
  const functions = `set fish_function_path ${packages}/usr/share/fish/functions`;
  const script = `${functions}; fairlead completion fish | source; complete -C $argv[1]`;
  const env = {
    LD_LIBRARY_PATH: path.dirname(library),
    PATH: `${home.home}/bin:${process.env.PATH}`,
    HOME: home.home,
    FAIRLEAD_HOME: `${home.home}/fairlead`,
  };
  const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const fish = [`--chdir=${home.home}`, "-i", ...words, `${packages}/usr/bin/fish`, "--no-config"];
  const printed = await runCommand("env", [...fish, "-c", script, line]);
  return printed.split("\n").flatMap((candidate) => (candidate === "" ? [] : [candidate.split("\t")[0] ?? ""]));
}

for (const { keys, want } of TYPED) {
  test(`fish: ${keys}`, LIMIT, async () => {
    const line = keys.replace("<TAB>", "");
    const word = want.replaceAll("\\ ", "\u0000").trimEnd().split(" ").at(-1)?.replaceAll("\u0000", " ");
    assert.deepEqual(await fishCandidates(line), want === line ? [] : [word]);
  });
}

test("fish: nothing on standard error, whatever is typed", LIMIT, async () => {
  assert.deepEqual(await fishCandidates("fairlead node "), ["add", "ls", "remove"]);
  assert.deepEqual(await fishCandidates("fairlead nonsense "), []);
});
