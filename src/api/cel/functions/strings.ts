import { EvaluationProblem } from "../evaluation-problem.ts";
import { BOOL, DYN, INT, listOf, STRING } from "../type.ts";
import type { CelValue } from "../value.ts";
import { formatText } from "./format-text.ts";
import { fn, member, type Overload } from "./overload.ts";
import { patternOf } from "./pattern-cache.ts";

/** White space as Go's `unicode.IsSpace` has it. */
const SPACE = "[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
const TRIMMED = new RegExp(`^${SPACE}+|${SPACE}+$`, "g");

/** Characters, which indexes count. */
function characters(text: string): readonly string[] {
  return [...text];
}

function outOfRange(index: bigint): EvaluationProblem {
  return new EvaluationProblem(`index out of range: ${index}`);
}

function charAt(text: string, index: bigint): string {
  const all = characters(text);
  if (index < 0n || index > BigInt(all.length)) throw outOfRange(index);
  return all[Number(index)] ?? "";
}

function indexOf(text: string, part: string, offset = 0n): bigint {
  if (part === "") return offset;
  if (offset < 0n) throw outOfRange(offset);
  const all = characters(text);
  if (offset >= BigInt(all.length)) return -1n;
  const skipped = all.slice(0, Number(offset)).join("").length;
  const at = text.indexOf(part, skipped);
  return at < 0 ? -1n : BigInt(characters(text.slice(0, at)).length);
}

function lastIndexOf(text: string, part: string, given?: bigint): bigint {
  const all = characters(text);
  if (part === "") return given ?? BigInt(all.length);
  const offset = given ?? BigInt(all.length - 1);
  if (given === undefined && text.length < part.length) return -1n;
  if (offset < 0n) throw outOfRange(offset);
  if (offset >= BigInt(all.length)) return -1n;
  const at = text.lastIndexOf(part, all.slice(0, Number(offset)).join("").length);
  return at < 0 ? -1n : BigInt(characters(text.slice(0, at)).length);
}

function substring(text: string, start: bigint, end?: bigint): string {
  const all = characters(text);
  const length = BigInt(all.length);
  if (end !== undefined && start > end) {
    throw new EvaluationProblem(`invalid substring range. start: ${start}, end: ${end}`);
  }
  for (const index of end === undefined ? [start] : [start, end]) {
    if (index < 0n || index > length) throw outOfRange(index);
  }
  return all.slice(Number(start), end === undefined ? undefined : Number(end)).join("");
}

/** Longest text that a replacement makes. What is replaced costs little, and what it is replaced by may be long. */
const REPLACED_MAX = 16 * 1024 * 1024;

/** At most `limit` replacements; all for a negative one. An empty part lies between all characters. */
function replace(text: string, part: string, by: string, limit = -1n): string {
  if (limit === 0n) return text;
  const pieces = part === "" ? ["", ...characters(text), ""] : text.split(part);
  const count = limit < 0n ? pieces.length - 1 : Math.min(Number(limit), pieces.length - 1);
  if (text.length + count * by.length > REPLACED_MAX) throw new EvaluationProblem("the replaced text is too long");
  const replaced = pieces.slice(0, count + 1).join(by);
  return [replaced, ...pieces.slice(count + 1)].join(part);
}

/** As Go's `strings.SplitN`: at most `limit` parts, the last one with the rest. */
function split(text: string, separator: string, limit = -1n): readonly string[] {
  if (limit === 0n) return [];
  const parts = separator === "" ? characters(text) : text.split(separator);
  if (limit < 0n || BigInt(parts.length) <= limit) return parts;
  const kept = Number(limit) - 1;
  return [...parts.slice(0, kept), parts.slice(kept).join(separator)];
}

function quote(text: string): string {
  const escapes: Readonly<Record<string, string>> = {
    "\u0007": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
  };
  return `"${characters(text.toWellFormed())
    .map((character) => escapes[character] ?? character)
    .join("")}"`;
}

function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function upper(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

function findAll(text: string, pattern: string, limit = -1n): readonly string[] {
  if (limit === 0n) return [];
  const found: string[] = [];
  const matcher = patternOf(pattern, "Illegal regex: ").matcher(text);
  while ((limit < 0n || BigInt(found.length) < limit) && matcher.find()) found.push(matcher.group() ?? "");
  return found;
}

/** Functions of texts. Source: ext/strings.go of cel-go in version 2, and Kubernetes' regular expressions. */
export const strings: readonly (readonly [string, readonly Overload[]])[] = [
  [
    "contains",
    [member("contains_string", [STRING, STRING], BOOL, (text: string, part: string) => text.includes(part))],
  ],
  [
    "startsWith",
    [member("starts_with_string", [STRING, STRING], BOOL, (text: string, part: string) => text.startsWith(part))],
  ],
  [
    "endsWith",
    [member("ends_with_string", [STRING, STRING], BOOL, (text: string, part: string) => text.endsWith(part))],
  ],
  [
    "matches",
    [fn("matches", [STRING, STRING], BOOL, matches), member("matches_string", [STRING, STRING], BOOL, matches)],
  ],
  [
    "find",
    [
      member(
        "string_find_string",
        [STRING, STRING],
        STRING,
        (text: string, pattern: string) => findAll(text, pattern, 1n)[0] ?? "",
      ),
    ],
  ],
  [
    "findAll",
    [
      member("string_find_all_string", [STRING, STRING], listOf(STRING), findAll),
      member("string_find_all_string_int", [STRING, STRING, INT], listOf(STRING), findAll),
    ],
  ],
  ["charAt", [member("string_char_at_int", [STRING, INT], STRING, charAt)]],
  [
    "indexOf",
    [
      member("string_index_of_string", [STRING, STRING], INT, indexOf),
      member("string_index_of_string_int", [STRING, STRING, INT], INT, indexOf),
    ],
  ],
  [
    "lastIndexOf",
    [
      member("string_last_index_of_string", [STRING, STRING], INT, lastIndexOf),
      member("string_last_index_of_string_int", [STRING, STRING, INT], INT, lastIndexOf),
    ],
  ],
  ["lowerAscii", [member("string_lower_ascii", [STRING], STRING, lower)]],
  ["upperAscii", [member("string_upper_ascii", [STRING], STRING, upper)]],
  ["trim", [member("string_trim", [STRING], STRING, (text: string) => text.replace(TRIMMED, ""))]],
  [
    "replace",
    [
      member("string_replace_string_string", [STRING, STRING, STRING], STRING, replace),
      member("string_replace_string_string_int", [STRING, STRING, STRING, INT], STRING, replace),
    ],
  ],
  [
    "split",
    [
      member("string_split_string", [STRING, STRING], listOf(STRING), split),
      member("string_split_string_int", [STRING, STRING, INT], listOf(STRING), split),
    ],
  ],
  [
    "substring",
    [
      member("string_substring_int", [STRING, INT], STRING, substring),
      member("string_substring_int_int", [STRING, INT, INT], STRING, substring),
    ],
  ],
  [
    "join",
    [
      member("list_join", [listOf(STRING)], STRING, (list: string[]) => list.join("")),
      member("list_join_string", [listOf(STRING), STRING], STRING, (list: string[], by: string) => list.join(by)),
    ],
  ],
  [
    "format",
    [
      member("string_format", [STRING, listOf(DYN)], STRING, (text: string, args: CelValue[]) =>
        formatText(text, args),
      ),
    ],
  ],
  ["strings.quote", [fn("strings_quote", [STRING], STRING, quote)]],
];

function matches(text: string, pattern: string): boolean {
  return patternOf(pattern, "").test(text);
}
