import type { CommandContext } from "./define-command.ts";

/** What a command has printed, and the context in which it did. */
export interface RecordedContext extends CommandContext {
  readonly printed: { out: string; err: string };
}

/** A context that keeps what is printed. Not a terminal. @param input - Lines of standard input. */
export function recordedContext(env: NodeJS.ProcessEnv = {}, input: readonly string[] = []): RecordedContext {
  const lines = [...input];
  const printed = { out: "", err: "" };
  return {
    printed,
    out: (line) => {
      printed.out += `${line}\n`;
    },
    err: (line) => {
      printed.err += `${line}\n`;
    },
    write: (bytes) => {
      printed.out += typeof bytes === "string" ? bytes : Buffer.from(bytes).toString();
    },
    ask: async (question) => {
      printed.out += question;
      return lines.shift();
    },
    env,
    interactive: false,
    signal: new AbortController().signal,
  };
}
