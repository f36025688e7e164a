/** What a value names, so that shells can complete it. `targets` are what `forward` leads to. */
export type ValueSource = "clusters" | "nodes" | "programs" | "targets" | "files" | "folders";

/** One flag of a command: `--name value`, or `--name` alone for a boolean. */
export interface FlagDefinition {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** May be given several times; the value is then a list, of the default alone where it is not given. */
  readonly multiple?: true;
  readonly default?: string | boolean;
  /** The only values that there are. Others are refused. */
  readonly choices?: readonly string[];
  readonly source?: ValueSource;
  /** What the value is called in the help text: `NAME`, `DURATION`. */
  readonly value?: string;
  readonly help: string;
}

/** A command's flags, by their names without the dashes. */
export type FlagDefinitions = Readonly<Record<string, FlagDefinition>>;

/** What was given for each flag, or its default. */
export type FlagValues<F extends FlagDefinitions> = {
  readonly [K in keyof F]: F[K]["multiple"] extends true
    ? readonly string[]
    : F[K]["type"] extends "boolean"
      ? boolean
      : F[K]["default"] extends string
        ? ChoiceOf<F[K]>
        : ChoiceOf<F[K]> | undefined;
};

type ChoiceOf<F extends FlagDefinition> = F["choices"] extends readonly (infer C extends string)[] ? C : string;

/** What a command may touch. */
export interface CommandContext {
  /** Prints a line on standard output. */
  out(line: string): void;
  /** Prints a line on standard error: progress and hints, which a script does not read. */
  err(line: string): void;
  /** Writes bytes to standard output unchanged. */
  write(bytes: string | Uint8Array): void;
  /** Prints a question on standard output, and reads a line of standard input. Undefined: there is none. */
  ask(question: string): Promise<string | undefined>;
  readonly env: NodeJS.ProcessEnv;
  /** Whether standard error is a terminal that can redraw lines. */
  readonly interactive: boolean;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
}

/** The words of a command line behind the command's name, understood. */
export interface CommandArguments<F extends FlagDefinitions> {
  readonly flags: FlagValues<F>;
  /** In order. As many as the definition asks for; a last one named `NAME...` or `[NAME...]` takes all that are left. */
  readonly positionals: readonly string[];
}

/** One command of the command line, as a value: help, completion and the reference page come from it. */
export interface Command<F extends FlagDefinitions = FlagDefinitions> {
  /** As typed: `up`, `node add`. */
  readonly name: string;
  readonly summary: string;
  /** Paragraphs below the summary. */
  readonly description?: readonly string[];
  /** `NAME`, `[NAME]`, `NAME...` or `[NAME...]`. */
  readonly positionals: readonly string[];
  /** What each positional names, or the only words that it may be. Default: anything. */
  readonly positionalSources?: readonly (ValueSource | readonly string[])[];
  readonly flags: F;
  readonly examples: readonly string[];
  /** Started by other commands, not by people: left out of the overview. */
  readonly hidden?: boolean;
  /** Resolves to the exit code: 0 done, 1 refused or failed, 2 used wrongly. */
  run(args: CommandArguments<F>, context: CommandContext): Promise<number>;
}

/** Declares a command; only here to infer the types of its flags. */
export function defineCommand<const F extends FlagDefinitions>(command: Command<F>): Command<F> {
  return command;
}

/** The command was used wrongly: printed with the usage line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
