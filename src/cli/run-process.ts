import { asTyped } from "./as-typed.ts";
import { questions } from "./ask.ts";
import type { Command } from "./define-command.ts";
import { runCommandLine } from "./run-command-line.ts";

/**
 * Runs the command that this process was started with, and ends the process with its exit code.
 *
 * @param commandsFor - The commands among which the words of the command line name one.
 */
export async function runProcess(
  commandsFor: (words: readonly string[]) => Promise<readonly Command[]>,
): Promise<never> {
  const words = process.argv.slice(2);
  const commands = await commandsFor(words);
  const firstWords = new Set([...commands.map(({ name }) => name.split(" ")[0] ?? ""), "help", "COMMAND"]);
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => interrupt.abort(new Error(signal)));

  // The reader of the output may close it early, as `head` does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });

  // A command may wait for nothing but a timer that keeps no process alive; it ends when the command does.
  const keepAlive = setInterval(() => {}, 2 ** 30);
  const exitCode = await runCommandLine(commands, words, {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${asTyped(line, process.env.FAIRLEAD_COMMAND, firstWords)}\n`),
    write: (bytes) => void process.stdout.write(bytes),
    ask: questions(process.stdin, process.stdout),
    env: process.env,
    interactive: process.stderr.isTTY === true,
    signal: interrupt.signal,
  });
  clearInterval(keepAlive);
  // What a command has failed to start may still hold the process: a worker, a timer. Pipes and files are written by now.
  process.exit(exitCode);
}
