import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "./commands.ts";
import { allCommands, commandsFor } from "./commands-for.ts";
import { findCommand } from "./parse-command-line.ts";

for (const words of ["run server --store x", "run node --node-name a", "run dns --listen x", "supervise --name a"]) {
  test(`"${words}" is looked for in its own command alone, and is the same as among all`, async () => {
    const own = await commandsFor(words.split(" "));
    assert.equal(own.length, 1);
    assert.equal(own[0], findCommand(commands, words.split(" "))?.command);
  });
}

for (const words of ["", "up", "node ls", "run", "run node", "--help", "help node", "constructor --x"]) {
  test(`"${words}" is looked for among all commands`, async () => {
    assert.equal(await commandsFor(words.split(" ").filter((word) => word !== "")), await allCommands());
  });
}
