import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { chooseScript, SCRIPTS } from "./scripts.ts";

const cases: readonly { readonly words: string; readonly want: string }[] = [
  { words: "", want: "commands others" },
  { words: "up --nodes 3", want: "commands up" },
  { words: "down", want: "commands down" },
  { words: "status -o json", want: "commands status" },
  { words: "image ls", want: "commands others" },
  { words: "run server --store memory:", want: "server server" },
  { words: "run server", want: "server server" },
  { words: "run node --help", want: "node node" },
  { words: "run dns", want: "dns dns" },
  { words: "run", want: "commands others" },
  { words: "run commands", want: "commands others" },
  { words: "run toString", want: "commands others" },
  { words: "--help run server", want: "commands others" },
  { words: "help run server", want: "commands others" },
  { words: "supervise --name a", want: "supervise supervise" },
  { words: "../../etc/passwd", want: "commands others" },
];

for (const { words, want } of cases) {
  test(`script of "fairlead ${words}"`, () => {
    const { script, use } = chooseScript(words.split(" "));
    assert.equal(`${script} ${use}`, want);
  });
}

test("every script has a source", () => {
  const root = path.resolve(import.meta.dirname, "../../..");
  for (const source of Object.values(SCRIPTS)) assert.ok(existsSync(path.join(root, source)), source);
});
