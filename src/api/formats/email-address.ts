import { isIP } from "../addresses.ts";

/**
 * Returns whether a text is one e-mail address, with or without a name: `a@example.com`, `Ann <a@example.com>`. The cost grows
 * with the length of the text.
 *
 * Source: RFC 5322 section 3.4, as far as Go's `mail.ParseAddress` takes it.
 */
export function isEmailAddress(text: string): boolean {
  const rest = new Rest(text);
  const found = readAddress(rest, true);
  return found === 1 && skipComments(rest) && rest.isEmpty;
}

/** The part of a text that has not been read. */
class Rest {
  readonly #text: string;
  at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isEmpty(): boolean {
    return this.at >= this.#text.length;
  }

  get next(): string {
    return this.#text[this.at] ?? "";
  }

  /** Reads one character where it is the next one. */
  take(character: string): boolean {
    if (this.isEmpty || this.next !== character) return false;
    this.at++;
    return true;
  }

  /** Reads as many characters as are allowed. */
  takeAll(isAllowed: (character: string) => boolean): string {
    const start = this.at;
    while (!this.isEmpty && isAllowed(this.next)) this.at++;
    return this.#text.slice(start, this.at);
  }

  skipBlanks(): void {
    this.takeAll((character) => character === " " || character === "\t");
  }
}

/** A visible character: of ASCII, or any beyond it (RFC 6532). */
function isVisible(character: string): boolean {
  return character >= "!" && character !== "\u007f";
}

const SPECIALS = '()<>[]:;@\\,"';

function isAtomText(character: string): boolean {
  return isVisible(character) && !SPECIALS.includes(character);
}

/** Reads an address, or a group of some. Returns how many it read; `undefined` for a text that is neither. */
function readAddress(rest: Rest, mayBeGroup: boolean): number | undefined {
  rest.skipBlanks();
  if (rest.isEmpty) return undefined;
  if (readSpec(rest)) {
    rest.skipBlanks();
    return rest.next !== "(" || readComment(rest) ? 1 : undefined;
  }
  if (rest.next !== "<" && !readPhrase(rest)) return undefined;
  rest.skipBlanks();
  if (mayBeGroup && rest.take(":")) return readGroup(rest);
  return rest.take("<") && readSpec(rest) && rest.take(">") ? 1 : undefined;
}

function readGroup(rest: Rest): number | undefined {
  rest.skipBlanks();
  if (rest.take(";")) return 0;
  for (let count = 0; ; ) {
    const found = readAddress(rest, false);
    if (found === undefined || !skipComments(rest)) return undefined;
    count += found;
    if (rest.take(";")) return count;
    if (!rest.take(",")) return undefined;
  }
}

/** Reads `local@domain`. Nothing is read where there is none. */
function readSpec(rest: Rest): boolean {
  const start = rest.at;
  rest.skipBlanks();
  const hasLocal = rest.next === '"' ? (readQuoted(rest) ?? "") !== "" : readDotAtom(rest);
  const found = hasLocal && rest.take("@") && readDomain(rest);
  if (!found) rest.at = start;
  return found;
}

function readDomain(rest: Rest): boolean {
  rest.skipBlanks();
  if (rest.next !== "[") return readDotAtom(rest);
  rest.take("[");
  const address = rest.takeAll((character) => isVisible(character) && !"[]\\".includes(character));
  return rest.take("]") && isIP(address);
}

function readDotAtom(rest: Rest): boolean {
  const atom = rest.takeAll(isAtomText);
  return atom !== "" && atom.split(".").every((part) => part !== "");
}

/** Reads a name: words and comments. One word is enough. */
function readPhrase(rest: Rest): boolean {
  for (let count = 0; ; count++) {
    if (count > 0 && !skipComments(rest)) return false;
    rest.skipBlanks();
    if (rest.isEmpty) return true;
    const start = rest.at;
    const isWord = rest.next === '"' ? readQuoted(rest) !== undefined : rest.takeAll(isAtomText) !== "";
    if (isWord) continue;
    rest.at = start;
    return count > 0;
  }
}

/** Reads a quoted text and returns what is between its quotes; `undefined` for one that does not end, or holds other characters. */
function readQuoted(rest: Rest): string | undefined {
  rest.take('"');
  let text = "";
  for (let isEscaped = false; !rest.isEmpty; rest.at++) {
    const character = rest.next;
    if (!isEscaped && character === '"') {
      rest.at++;
      return text;
    }
    if (!isEscaped && character === "\\") isEscaped = true;
    else if (isVisible(character) || character === " " || character === "\t") {
      text += character;
      isEscaped = false;
    } else return undefined;
  }
  return undefined;
}

function skipComments(rest: Rest): boolean {
  for (rest.skipBlanks(); rest.next === "("; rest.skipBlanks()) if (!readComment(rest)) return false;
  return true;
}

/** Reads a comment with those inside it. */
function readComment(rest: Rest): boolean {
  let depth = 0;
  for (; !rest.isEmpty; rest.at++) {
    if (rest.next === "\\") rest.at++;
    else if (rest.next === "(") depth++;
    else if (rest.next === ")") {
      depth--;
      if (depth === 0) {
        rest.at++;
        return true;
      }
    }
  }
  return false;
}
