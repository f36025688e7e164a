import type { Command } from "./define-command.ts";

/**
 * The programs of a cluster. Each of its machines starts some of them: they load their own command and not what the others
 * need, which is half of their start.
 */
const programs: ReadonlyMap<string, () => Promise<Command>> = new Map<string, () => Promise<Command>>([
  ["run server", async () => (await import("./commands/server.ts")).serverCommand],
  ["run node", async () => (await import("./commands/node.ts")).nodeCommand],
  ["run dns", async () => (await import("./commands/dns.ts")).dnsCommand],
  ["supervise", async () => (await import("./commands/supervise.ts")).superviseCommand],
]);

/** Returns the commands that the words may name: that of a cluster's program alone where the supervisor starts one, else all. */
export async function commandsFor(words: readonly string[]): Promise<readonly Command[]> {
  const flags = words.findIndex((word) => word.startsWith("--"));
  const program = programs.get(words.slice(0, Math.max(flags, 0)).join(" "));
  return program === undefined ? await allCommands() : [await program()];
}

/** Every command. */
export async function allCommands(): Promise<readonly Command[]> {
  return (await import("./commands.ts")).commands;
}
