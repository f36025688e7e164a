import type { Command, FlagDefinition, ValueSource } from "../define-command.ts";
import { findCommand, takesMany } from "../parse-command-line.ts";

/** A word that the shell may put in, and what it means. */
export interface Candidate {
  readonly word: string;
  readonly help: string;
}

/** What may stand in the place of the word that is being typed. */
export interface Completion {
  readonly words: readonly Candidate[];
  /** Names that have to be looked up; each comes behind `prefix`. */
  readonly lookUp?: {
    readonly source: ValueSource;
    /** `--name=` where the flag and its value are one word, else empty. */
    readonly prefix: string;
    /** Of the cluster that `--name` names; the default one otherwise. */
    readonly cluster: string | undefined;
  };
}

const NOTHING: Completion = { words: [] };
const HELP: Candidate = { word: "help", help: "Explain a command" };

/**
 * What can complete the last of the words.
 *
 * @param words - All behind the program's name; the last one is being typed, and may be empty.
 */
export function planCompletion(commands: readonly Command[], words: readonly string[]): Completion {
  const shown = commands.filter((command) => !command.hidden);
  const typed = words.slice(0, -1);
  const current = words.at(-1) ?? "";
  if (typed[0] === "help") return { words: nextNames(shown, typed.slice(1), current) };
  const below = nextNames(shown, typed, current);
  if (typed.length === 0) return { words: [...below, ...matching([HELP], current)] };
  const found = findCommand(shown, typed);
  if (found === undefined) return { words: below };
  const completion = completeArguments(found.command, found.rest, current);
  return found.rest.length > 0 ? completion : { ...completion, words: [...below, ...completion.words] };
}

/** The words that can come next in commands' names. A word that only begins names is explained by them. */
function nextNames(commands: readonly Command[], typed: readonly string[], current: string): Candidate[] {
  const next = new Map<string, string>();
  for (const { name, summary } of commands) {
    const parts = name.split(" ");
    const word = parts[typed.length];
    if (word === undefined || typed.some((part, i) => parts[i] !== part)) continue;
    const isWhole = parts.length === typed.length + 1;
    const rest = parts.slice(typed.length + 1).join(" ");
    next.set(word, isWhole ? summary : [next.get(word), rest].filter(Boolean).join(", "));
  }
  return matching(
    [...next].map(([word, help]) => ({ word, help })),
    current,
  );
}

/** The words behind a command's name that were read so far. */
interface Read {
  readonly positionals: number;
  readonly given: ReadonlySet<string>;
  /** The flag whose value comes next. */
  readonly pending: string | undefined;
  readonly flagsEnded: boolean;
  readonly cluster: string | undefined;
}

function completeArguments(command: Command, rest: readonly string[], current: string): Completion {
  const read = readArguments(command, rest);
  const { cluster } = read;
  if (read.pending !== undefined) return completeValue(command.flags[read.pending], { current, prefix: "", cluster });
  if (!read.flagsEnded && current.startsWith("-")) {
    const [, name = "", value] = /^--([^=]+)=(.*)$/s.exec(current) ?? [];
    if (value === undefined) return { words: flagNames(command, read.given, current) };
    return completeValue(command.flags[name], { current: value, prefix: `--${name}=`, cluster });
  }
  const last = takesMany(command) ? command.positionals.length - 1 : Number.POSITIVE_INFINITY;
  const source = command.positionalSources?.[Math.min(read.positionals, last)];
  if (source === undefined) return NOTHING;
  if (typeof source === "string") return { words: [], lookUp: { source, prefix: "", cluster } };
  return { words: matching(asCandidates(source), current) };
}

function readArguments({ flags }: Command, rest: readonly string[]): Read {
  const given = new Set<string>();
  let positionals = 0;
  let flagsEnded = false;
  let pending: string | undefined;
  let cluster: string | undefined;
  const keep = (name: string, value: string) => {
    if (name === "name") cluster = value;
  };
  for (const word of rest) {
    if (pending !== undefined) {
      keep(pending, word);
      pending = undefined;
    } else if (flagsEnded || !word.startsWith("-") || word === "-") {
      positionals += 1;
    } else if (word === "--") {
      flagsEnded = true;
    } else {
      const { name, value } = flagOf(flags, word);
      given.add(name);
      if (value !== undefined) keep(name, value);
      else if (flags[name]?.type === "string") pending = name;
    }
  }
  return { positionals, given, pending, flagsEnded, cluster };
}

/** The flag that a word names, and the value that is part of the word: `--name=shop`, `-fshop`. */
function flagOf(flags: Command["flags"], word: string): { readonly name: string; readonly value: string | undefined } {
  const [, long, value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
  if (long !== undefined) return { name: long, value };
  const [name = word] = Object.entries(flags).find(([, flag]) => flag.short === word[1]) ?? [];
  return { name, value: word.length > 2 ? word.slice(2) : undefined };
}

/** What was given already is left out, unless it may be repeated. */
function flagNames({ flags }: Command, given: ReadonlySet<string>, current: string): Candidate[] {
  const open = Object.entries(flags).filter(([name, flag]) => flag.multiple || !given.has(name));
  return matching(
    [
      ...open.map(([name, { help }]) => ({ word: `--${name}`, help })),
      ...open.flatMap(([, { short, help }]) => (short === undefined ? [] : [{ word: `-${short}`, help }])),
      { word: "--help", help: "Explain this command" },
    ],
    current,
  );
}

function completeValue(
  flag: FlagDefinition | undefined,
  at: { readonly current: string; readonly prefix: string; readonly cluster: string | undefined },
): Completion {
  const { current, prefix, cluster } = at;
  if (flag?.choices !== undefined) {
    const words = matching(asCandidates(flag.choices), current);
    return { words: words.map(({ word, help }) => ({ word: `${prefix}${word}`, help })) };
  }
  return flag?.source === undefined ? NOTHING : { words: [], lookUp: { source: flag.source, prefix, cluster } };
}

function asCandidates(words: readonly string[]): Candidate[] {
  return words.map((word) => ({ word, help: "" }));
}

function matching(candidates: readonly Candidate[], current: string): Candidate[] {
  return candidates.filter(({ word }) => word.startsWith(current));
}
