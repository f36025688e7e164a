import { StatusError } from "../api/status-error.ts";
import { isConnectionError } from "../client/connection-error.ts";
import { ExpectedError } from "../lib/expected-error.ts";
import { asTyped } from "./as-typed.ts";
import { allCommands, commandsFor } from "./commands-for.ts";
import type { Command, CommandContext } from "./define-command.ts";
import { UsageError } from "./define-command.ts";
import { commandHelp, overview, usage } from "./help.ts";
import { commandsBelow, findCommand, parseCommandLine } from "./parse-command-line.ts";

/** The command line: reads the words, runs the command, and answers the process's exit code. */
async function main(words: readonly string[], context: CommandContext): Promise<number> {
  try {
    const commands = await commandsFor(words);
    for (const { name } of commands) firstWords.add(name.split(" ")[0] ?? "");
    const parsed = parseCommandLine(commands, words);
    if (parsed.type === "help") {
      context.out(parsed.command === undefined ? overview(commands) : commandHelp(parsed.command));
      return 0;
    }
    return await parsed.command.run(parsed.args, context);
  } catch (error) {
    return await report(error, words, context);
  }
}

/** Tells the user's mistake from ours: only ours comes with a stack. */
async function report(error: unknown, words: readonly string[], context: CommandContext): Promise<number> {
  if (error instanceof UsageError) {
    const commands = await allCommands();
    const found = findCommand(commands, words);
    context.err(`fairlead: ${error.message}`);
    if (found !== undefined) for (const line of usages(commands, found.command)) context.err(line);
    return 2;
  }
  if (context.signal.aborted) {
    context.err("fairlead: interrupted");
    return 1;
  }
  if (isConnectionError(error)) {
    const why = error.cause instanceof Error ? `: ${error.cause.message}` : "";
    context.err(`fairlead: ${error.message}${why}; "fairlead status" tells how a cluster of this machine is`);
  } else if (error instanceof ExpectedError || error instanceof StatusError) context.err(`fairlead: ${error.message}`);
  else context.err(`fairlead: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  return 1;
}

/** How a command is typed, and those that begin with its name, one of which may be meant. */
function usages(commands: readonly Command[], command: Command): readonly string[] {
  const others = commandsBelow(commands, command.name).map((name) => `"fairlead ${name}"`);
  return [usage(command), ...(others.length === 0 ? [] : [`There are also ${others.join(", ")}`])];
}

/** Words that make `fairlead WORD` in a message a command line. Those of the loaded commands are added. */
const firstWords = new Set(["help", "COMMAND"]);
const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupt.abort(new Error(signal)));

// Whoever reads the output may have seen enough, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

// A command may wait for nothing but a timer that keeps no process alive; it ends when the command does.
const keepAlive = setInterval(() => {}, 2 ** 30);
const exitCode = await main(process.argv.slice(2), {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${asTyped(line, process.env.FAIRLEAD_COMMAND, firstWords)}\n`),
  write: (bytes) => void process.stdout.write(bytes),
  env: process.env,
  interactive: process.stderr.isTTY === true,
  signal: interrupt.signal,
});
clearInterval(keepAlive);
// What a command has failed to start may still hold the process: a worker, a timer. Pipes and files are written by now.
process.exit(exitCode);
