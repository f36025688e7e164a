import { StatusError } from "@fairlead/api/status-error";
import { isConnectionError } from "@fairlead/client/transport/connection-error";
import { ExpectedError } from "@fairlead/lib/expected-error";
import type { Command, CommandContext } from "./define-command.ts";
import { UsageError } from "./define-command.ts";
import { commandHelp, overview, usage } from "./help.ts";
import { commandsBelow, findCommand, parseCommandLine } from "./parse-command-line.ts";

/**
 * Reads the words of a command line, runs the command and resolves to the exit code of the process.
 *
 * @param commands - The commands that the words may name.
 */
export async function runCommandLine(
  commands: readonly Command[],
  words: readonly string[],
  context: CommandContext,
): Promise<number> {
  try {
    const parsed = parseCommandLine(commands, words);
    if (parsed.type === "help") {
      context.out(parsed.command === undefined ? overview(commands) : commandHelp(parsed.command));
      return 0;
    }
    return await parsed.command.run(parsed.args, context);
  } catch (error) {
    return report(error, { commands, words, context });
  }
}

interface CommandLine {
  readonly commands: readonly Command[];
  readonly words: readonly string[];
  readonly context: CommandContext;
}

/** Prints an error: the user's mistake as a message, ours with a stack. */
function report(error: unknown, { commands, words, context }: CommandLine): number {
  if (error instanceof UsageError) {
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

/** How a command is typed, and those that begin with its name, because one of them may be meant. */
function usages(commands: readonly Command[], command: Command): readonly string[] {
  const others = commandsBelow(commands, command.name).map((name) => `"fairlead ${name}"`);
  return [usage(command), ...(others.length === 0 ? [] : [`There are also ${others.join(", ")}`])];
}
