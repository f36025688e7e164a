import type { ParseArgsOptionsConfig } from "node:util";
import { parseArgs } from "node:util";
import type { Command, CommandArguments, FlagDefinition, FlagDefinitions } from "./define-command.ts";
import { UsageError } from "./define-command.ts";
import { nearest } from "./nearest.ts";

/** What the words of a command line mean. */
export type ParsedCommandLine =
  | { readonly type: "run"; readonly command: Command; readonly args: CommandArguments<FlagDefinitions> }
  | { readonly type: "help"; readonly command: Command | undefined };

/**
 * Finds the command that the words name, and its flags.
 *
 * @param words - Without the program's own name.
 * @throws {UsageError} for an unknown command or flag, and for too few or too many positionals.
 */
export function parseCommandLine(commands: readonly Command[], words: readonly string[]): ParsedCommandLine {
  if (words.length === 0 || ["help", "--help", "-h"].includes(words[0] ?? "")) {
    const asked = words.slice(1);
    const named = findCommand(commands, asked);
    if (named === undefined && asked.length > 0) throw unknownCommand(commands, asked);
    return { type: "help", command: named?.command };
  }
  const found = findCommand(commands, words);
  if (found === undefined) throw unknownCommand(commands, words);
  const end = found.rest.indexOf("--");
  const own = end < 0 ? found.rest : found.rest.slice(0, end);
  if (own.includes("--help") || own.includes("-h")) return { type: "help", command: found.command };
  return { type: "run", command: found.command, args: parseFlags(found.command, found.rest) };
}

/** The command that the first words name, the longest name first, and the words behind it. */
export function findCommand(
  commands: readonly Command[],
  words: readonly string[],
): { readonly command: Command; readonly rest: readonly string[] } | undefined {
  const matching = commands
    .map((command) => ({ command, parts: command.name.split(" ") }))
    .filter(({ parts }) => parts.every((part, i) => words[i] === part))
    .sort((a, b) => b.parts.length - a.parts.length)[0];
  return matching && { command: matching.command, rest: words.slice(matching.parts.length) };
}

/** Whether the last positional stands for all words that are left: `NAME...`, `[NAME...]`. */
export function takesMany({ positionals }: Command): boolean {
  return /\.\.\.\]?$/.test(positionals.at(-1) ?? "");
}

/** The names of those that are typed behind the same first word: `node ls`, `node add` and others for `node`. */
export function commandsBelow(commands: readonly Command[], word: string): readonly string[] {
  return commands.filter((c) => !c.hidden && c.name.startsWith(`${word} `)).map((c) => c.name);
}

function unknownCommand(commands: readonly Command[], words: readonly string[]): UsageError {
  const [first = "", second] = words;
  const group = commandsBelow(commands, first);
  if (group.length > 0) {
    const typed = second === undefined ? first : `${first} ${second}`;
    return new UsageError(`"${typed}" is not a command: use ${group.join(", ")}`);
  }
  const meant = meantCommand(commands, words);
  const hint = meant === undefined ? "" : `did you mean "fairlead ${meant}"? `;
  return new UsageError(`"${first}" is not a command: ${hint}"fairlead help" lists them`);
}

/** The command that mistyped words most likely mean: both words count for one of two. */
function meantCommand(commands: readonly Command[], words: readonly string[]): string | undefined {
  const names = commands.filter((command) => !command.hidden).map(({ name }) => name);
  const pairs = names.filter((name) => name.includes(" "));
  return nearest(words.slice(0, 2).join(" "), pairs) ?? nearest(words[0] ?? "", names);
}

function parseFlags(command: Command, words: readonly string[]): CommandArguments<FlagDefinitions> {
  const options: ParseArgsOptionsConfig = Object.fromEntries(
    Object.entries(command.flags).map(([name, flag]) => [
      name,
      {
        type: flag.type,
        ...(flag.short !== undefined && { short: flag.short }),
        ...(flag.multiple && { multiple: true }),
        default: defaultOf(flag),
      },
    ]),
  );
  checkNames(command, options, words);
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...words], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  checkChoices(command, parsed.values);
  checkPositionals(command, parsed.positionals);
  // parseArgs gave each flag the type that its definition names.
  return { flags: parsed.values as never, positionals: parsed.positionals };
}

function defaultOf({ type, multiple, default: value }: FlagDefinition): string | boolean | string[] | undefined {
  if (multiple) return value === undefined ? [] : [String(value)];
  return type === "boolean" ? (value ?? false) : value;
}

/** Before anything else is found wrong: other errors beside an unknown flag would mislead. */
function checkNames({ name, flags }: Command, options: ParseArgsOptionsConfig, words: readonly string[]): void {
  const { tokens } = parseArgs({ args: [...words], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== "option" || Object.hasOwn(flags, token.name)) continue;
    const meant = nearest(token.name, Object.keys(flags));
    const hint = meant === undefined ? "" : `did you mean --${meant}? `;
    throw new UsageError(
      `"fairlead ${name}" has no flag ${token.rawName}: ${hint}"fairlead ${name} --help" lists them`,
    );
  }
}

function checkChoices({ flags }: Command, values: Readonly<Record<string, unknown>>): void {
  for (const [name, { choices }] of Object.entries(flags)) {
    const given = values[name];
    if (choices === undefined || given === undefined || choices.includes(String(given))) continue;
    throw new UsageError(`--${name} "${given}" must be ${choices.join(" or ")}`);
  }
}

function checkPositionals(command: Command, given: readonly string[]): void {
  const needed = command.positionals.filter((p) => !p.startsWith("["));
  const missing = needed[given.length];
  if (given.length < needed.length && missing !== undefined) {
    throw new UsageError(`"fairlead ${command.name}" needs ${missing.replace("...", "")}`);
  }
  if (!takesMany(command) && given.length > command.positionals.length) {
    throw new UsageError(`"fairlead ${command.name}" does not take "${given[command.positionals.length]}"`);
  }
}
