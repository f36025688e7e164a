import { CorefileError } from "./corefile-error.ts";
import { type Environment, type Word, wordsOf } from "./words.ts";

/** A server block: its zones as they are written, and its plugins. */
export interface ServerBlock {
  readonly keys: readonly Word[];
  readonly line: number;
  readonly directives: readonly Directive[];
}

/** One line of a block: a plugin, or an option of one. */
export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  /** From 1. */
  readonly line: number;
  /** The lines in braces behind it; empty when it has none. */
  readonly options: readonly Directive[];
}

/** Words after all imports: enough for any configuration, and a bound for snippets that import others. */
const WORDS_MAX = 100_000;
/** How deep blocks may lie in one another: server, plugin, option. */
const DEPTH_MAX = 3;

/**
 * Parses a Corefile into server blocks: snippets `(name)` are put where they are imported, and variables are substituted.
 *
 * @throws {CorefileError} at the first mistake of form.
 */
export function parseCorefile(text: string, environment: Environment): readonly ServerBlock[] {
  const { words, snippets } = withoutSnippets(wordsOf(text, environment));
  const cursor = cursorOver(imported(words, snippets));
  const blocks: ServerBlock[] = [];
  for (let word = cursor.peek(); word !== undefined; word = cursor.peek()) blocks.push(serverBlock(cursor));
  return blocks;
}

interface Cursor {
  peek(): Word | undefined;
  next(): Word | undefined;
}

function cursorOver(words: readonly Word[]): Cursor {
  let at = 0;
  return {
    peek: () => words[at],
    next: () => words[at++],
  };
}

function isSign(word: Word | undefined, sign: "{" | "}"): boolean {
  return word !== undefined && !word.isQuoted && word.text === sign;
}

/** Takes the snippets out: `(name) { … }` outside of blocks. */
function withoutSnippets(words: readonly Word[]): {
  readonly words: readonly Word[];
  readonly snippets: ReadonlyMap<string, readonly Word[]>;
} {
  const rest: Word[] = [];
  const snippets = new Map<string, readonly Word[]>();
  let depth = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    const name = /^\(([^()]+)\)$/.exec(word.text)?.[1];
    if (depth === 0 && name !== undefined && !word.isQuoted && isSign(words[at + 1], "{")) {
      if (snippets.has(name)) throw new CorefileError(word.line, `the snippet "${name}" is there twice`);
      const end = endOfBlock(words, at + 1);
      snippets.set(name, words.slice(at + 2, end));
      at = end;
      continue;
    }
    if (isSign(word, "{")) depth += 1;
    if (isSign(word, "}")) depth -= 1;
    rest.push(word);
  }
  return { words: rest, snippets };
}

/** The place of the brace that ends the block which begins at `start`. */
function endOfBlock(words: readonly Word[], start: number): number {
  let depth = 0;
  for (let at = start; at < words.length; at++) {
    if (isSign(words[at], "{")) depth += 1;
    if (isSign(words[at], "}")) depth -= 1;
    if (depth === 0) return at;
  }
  throw new CorefileError(words[start]?.line ?? 1, 'a block has no end: "}" is missing');
}

function imported(
  words: readonly Word[],
  snippets: ReadonlyMap<string, readonly Word[]>,
  within: readonly string[] = [],
): readonly Word[] {
  const all: Word[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    const isDirective = word.isFirst || isSign(words[at - 1], "{");
    if (word.text !== "import" || word.isQuoted || !isDirective) {
      all.push(word);
      continue;
    }
    const name = words[at + 1]?.isFirst === false ? (words[at + 1]?.text ?? "") : "";
    const snippet = snippets.get(name);
    if (snippet === undefined) {
      const what = `cannot import "${name}": only snippets of this Corefile are imported, no files`;
      throw new CorefileError(word.line, `${what}; put its lines here`);
    }
    if (within.includes(name)) throw new CorefileError(word.line, `the snippet "${name}" imports itself`);
    const [first, ...rest] = imported(snippet, snippets, [...within, name]);
    if (first !== undefined) all.push({ ...first, isFirst: true });
    for (const next of rest) all.push(next);
    if (all.length > WORDS_MAX) throw new CorefileError(word.line, `more than ${WORDS_MAX} words after all imports`);
    at += 1;
    const after = words[at + 1];
    if (after !== undefined && !after.isFirst && !isSign(after, "}")) {
      throw new CorefileError(word.line, "import takes the name of one snippet");
    }
  }
  return all;
}

function serverBlock(cursor: Cursor): ServerBlock {
  const keys: Word[] = [];
  const line = cursor.peek()?.line ?? 1;
  for (let word = cursor.next(); !isSign(word, "{"); word = cursor.next()) {
    if (word === undefined || isSign(word, "}")) {
      throw new CorefileError(word?.line ?? line, 'a server block needs its zones and then "{"');
    }
    const before = keys.at(-1);
    if (before !== undefined && word.isFirst && !before.text.endsWith(",")) {
      throw new CorefileError(before.line, `"{" is missing after "${before.text}"`);
    }
    keys.push(word);
  }
  if (keys.length === 0) throw new CorefileError(line, "a server block needs a zone before its brace");
  const named = keys.flatMap((word) => {
    const texts = word.text.split(",").filter((text) => text !== "");
    return texts.map((text) => ({ ...word, text }));
  });
  return { keys: named, line, directives: directivesOf(cursor, line, 1) };
}

/** Reads lines up to the brace that ends the block. */
function directivesOf(cursor: Cursor, startLine: number, depth: number): readonly Directive[] {
  const directives: Directive[] = [];
  for (;;) {
    const word = cursor.next();
    if (word === undefined) throw new CorefileError(startLine, 'a block has no end: "}" is missing');
    if (isSign(word, "}")) return directives;
    if (isSign(word, "{")) throw new CorefileError(word.line, '"{" must stand at the end of the line of its plugin');
    directives.push(directive(word, cursor, depth));
  }
}

function directive({ text: name, line }: Word, cursor: Cursor, depth: number): Directive {
  const args: string[] = [];
  for (let word = cursor.peek(); word?.isFirst === false; word = cursor.peek()) {
    if (isSign(word, "}")) break;
    cursor.next();
    if (!isSign(word, "{")) {
      args.push(word.text);
      continue;
    }
    if (depth >= DEPTH_MAX) throw new CorefileError(line, "blocks lie too deep in one another");
    return { name, args, line, options: directivesOf(cursor, line, depth + 1) };
  }
  return { name, args, line, options: [] };
}
