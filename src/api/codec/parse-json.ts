import { setOwn } from "../own-property.ts";
import { JSON_DEPTH_MAX } from "./json-depth.ts";
import { exactNumber, type JsonNumber, untypedNumber } from "./json-number.ts";
import { jsonSyntaxProblem } from "./json-syntax-problem.ts";

/** What {@link parseJson} found. */
export interface ParsedJson {
  readonly value: unknown;
  /**
   * Paths of object keys that occur more than once, in the order of the text: `spec.ports[0].name`. The last value
   * counts. At most {@link DUPLICATES_MAX} paths.
   */
  readonly duplicates: readonly string[];
}

/** Most duplicates that are reported; upstream's limit of warnings. */
const DUPLICATES_MAX = 100;
/** A path is not written further than to about this length, in characters: clients choose the keys in it. */
const PATH_LENGTH_MAX = 1_000;

/** How {@link parseJson} reads numbers. */
export interface NumberForms {
  /**
   * Whether `1.0` and `1e3` stay as they were written, as a `JsonNumber`: in an integer field they are refused. Default:
   * they become doubles.
   */
  readonly keepsNotation?: boolean;
}

/**
 * Parses JSON text and names the keys that occur twice, which `JSON.parse` accepts without a word. Integers beyond 2^53
 * become bigints, and those beyond int64 a `JsonNumber`.
 *
 * @throws SyntaxError for text that is not JSON, or nested more than {@link JSON_DEPTH_MAX} deep, in the words of Go's
 *   decoder.
 */
export function parseJson(text: string, { keepsNotation = false }: NumberForms = {}): ParsedJson {
  try {
    // First, because it is what bounds the depth of the value.
    const { duplicates, numbers } = scanned(text);
    const value: unknown = JSON.parse(text);
    if (numbers.length === 0) return { value, duplicates };
    return { value: withNumbers(text, numbers, keepsNotation ? exactNumber : untypedNumber), duplicates };
  } catch (error) {
    if (error instanceof SyntaxError) throw new SyntaxError(jsonSyntaxProblem(text) ?? error.message);
    throw error;
  }
}

/**
 * Parses JSON of the API server, from the store or from the network: `JSON.parse`, but integers beyond 2^53 become bigints.
 *
 * @throws SyntaxError for text that is not JSON.
 */
export function parseApiJson(text: string): unknown {
  return mayHaveLargeNumber(text) ? parseJson(text).value : JSON.parse(text);
}

/** Digits that an integer has at least which is not safe. */
const LARGE_DIGITS = 16;
const BEFORE_NUMBER = new Set([..." \t\n\r:,[-"].map((c) => c.charCodeAt(0)));
const BEHIND_NUMBER = new Set([..." \t\n\r,]}"].map((c) => c.charCodeAt(0)));

/**
 * Whether a text has a large integer, or a string in which something looks like one. Takes a small part of the time of
 * `JSON.parse`: one of any sixteen characters shows whether they can all be digits.
 */
function mayHaveLargeNumber(text: string): boolean {
  for (let at = LARGE_DIGITS - 1; at < text.length; at += LARGE_DIGITS) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (isDigit(text.charCodeAt(start - 1))) start--;
    while (isDigit(text.charCodeAt(at + 1))) at++;
    if (at - start + 1 < LARGE_DIGITS) continue;
    const isAlone = BEFORE_NUMBER.has(text.charCodeAt(start - 1)) && BEHIND_NUMBER.has(text.charCodeAt(at + 1));
    if (isAlone) return true;
  }
  return false;
}

function isDigit(code: number): boolean {
  return code >= DIGIT_0 && code <= DIGIT_9;
}

/** Whether `JSON.parse` keeps every number of a text that is JSON. */
export function hasPlainNumbers(text: string): boolean {
  return scanned(text).numbers.length === 0;
}

/** Where a number stands in a text. */
interface NumberToken {
  readonly start: number;
  readonly end: number;
}

type Container = unknown[] | Record<string, unknown>;

/**
 * Parses text that is JSON, in which `JSON.parse` would change the numbers that are given.
 *
 * `JSON.parse` sees `0.5`, `1.5`, ... in their places. No other number in the text has a fraction, so each of these is found
 * again in the value. A reviver would be given the digits, but V8 calls it recursively, and clients nest deeper than its stack.
 */
function withNumbers(
  text: string,
  numbers: readonly NumberToken[],
  read: (number: string) => number | bigint | JsonNumber,
): unknown {
  let numbered = "";
  let at = 0;
  for (const [index, { start, end }] of numbers.entries()) {
    numbered += `${text.slice(at, start)}${index}.5`;
    at = end;
  }
  const root: Record<string, unknown> = { value: JSON.parse(numbered + text.slice(at)) };
  const unfinished: Container[] = [root];
  const restored = (value: unknown): unknown => {
    if (typeof value === "object" && value !== null) unfinished.push(value as Container);
    if (typeof value !== "number" || Number.isInteger(value)) return value;
    const token = numbers[Math.floor(value)];
    return token === undefined ? value : read(text.slice(token.start, token.end));
  };
  for (let next = unfinished.pop(); next !== undefined; next = unfinished.pop()) {
    if (Array.isArray(next)) for (const [index, item] of next.entries()) next[index] = restored(item);
    else for (const [key, inner] of Object.entries(next)) setOwn(next, key, restored(inner));
  }
  return root.value;
}

/** An object or a list that the scan is inside of. */
interface Frame {
  /** The keys seen so far; absent for a list. */
  readonly seen: Set<string> | undefined;
  /** The container's own path. */
  readonly path: string;
  /** The current key or index. */
  key: string;
  index: number;
}

const [QUOTE, COLON, COMMA, BACKSLASH] = [0x22, 0x3a, 0x2c, 0x5c];
const [MINUS, PLUS, DOT, DIGIT_0, DIGIT_9] = [0x2d, 0x2b, 0x2e, 0x30, 0x39];
/** The bit that makes a letter lower case, and `e`. */
const [LOWER_CASE, LETTER_E] = [0x20, 0x65];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

interface Scan {
  readonly duplicates: readonly string[];
  /** The numbers that `JSON.parse` would not keep as they were written. */
  readonly numbers: readonly NumberToken[];
}

/** Scans text for keys and numbers. Of text that is not JSON the result does not matter: `JSON.parse` refuses it. */
function scanned(text: string): Scan {
  const duplicates = new Set<string>();
  const numbers: NumberToken[] = [];
  const frames: Frame[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const top = frames.at(-1);
    if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (frames.length === JSON_DEPTH_MAX) throw new SyntaxError("exceeded max depth");
      frames.push({ seen: code === OPEN_OBJECT ? new Set() : undefined, path: pathOf(top), key: "", index: 0 });
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) frames.pop();
    else if (code === COMMA && top !== undefined) top.index++;
    else if (code === QUOTE) {
      const end = stringEnd(text, at);
      if (top?.seen !== undefined && followedByColon(text, end)) {
        top.key = keyOf(text.slice(at, end));
        if (top.seen.has(top.key) && duplicates.size < DUPLICATES_MAX) duplicates.add(pathOf(top));
        top.seen.add(top.key);
      }
      at = end - 1;
    } else if (code === MINUS || isDigit(code)) {
      const end = numberEnd(text, at);
      if (!isPlainNumber(text, at, end)) numbers.push({ start: at, end });
      at = end - 1;
    }
  }
  return { duplicates: [...duplicates], numbers };
}

/** The position behind the number that starts at `start`. */
function numberEnd(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    const goesOn = isDigit(code) || code === DOT || code === MINUS || code === PLUS;
    if (!goesOn && (code | LOWER_CASE) !== LETTER_E) break;
  }
  return end;
}

/** Integers of so few characters are safe. */
const PLAIN_LENGTH_MAX = 15;

/** Whether a number is an integer that `JSON.parse` keeps. `-0` is none: Go reads it as 0. */
function isPlainNumber(text: string, start: number, end: number): boolean {
  if (end - start > PLAIN_LENGTH_MAX) return false;
  const digits = text.charCodeAt(start) === MINUS ? start + 1 : start;
  for (let at = digits; at < end; at++) {
    if (!isDigit(text.charCodeAt(at))) return false;
  }
  return digits === start || text.charCodeAt(digits) !== DIGIT_0;
}

function pathOf(frame: Frame | undefined): string {
  if (frame === undefined || frame.path.length > PATH_LENGTH_MAX) return frame?.path ?? "";
  if (frame.seen === undefined) return `${frame.path}[${frame.index}]`;
  const key = frame.key.slice(0, PATH_LENGTH_MAX);
  return frame.path === "" ? key : `${frame.path}.${key}`;
}

/** The position behind the closing quote of the string that starts at `start`; the text's end when there is none. */
function stringEnd(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
    if (end === -1) return text.length;
  } while (isEscaped(text, end));
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function followedByColon(text: string, from: number): boolean {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\t" || text[at] === "\r") at++;
  return text.charCodeAt(at) === COLON;
}

/** @throws SyntaxError for escapes that are none. */
function keyOf(quoted: string): string {
  return quoted.includes("\\") ? JSON.parse(quoted) : quoted.slice(1, -1);
}
