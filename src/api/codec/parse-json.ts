/** What {@link parseJson} found. */
export interface ParsedJson {
  readonly value: unknown;
  /**
   * Paths of object keys that occur more than once, in the order of the text: `spec.ports[0].name`. The last value
   * counts. At most {@link DUPLICATES_MAX} paths.
   */
  readonly duplicates: readonly string[];
}

/** How deep lists and objects may be nested; the limit of Go's decoder. */
export const JSON_DEPTH_MAX = 10_000;
/** Most duplicates that are reported; upstream's limit of warnings. */
const DUPLICATES_MAX = 100;
/** A path is not written further than to about this length, in characters: clients choose the keys in it. */
const PATH_LENGTH_MAX = 1_000;

/**
 * Parses JSON text and names the keys that occur twice, which `JSON.parse` accepts without a word.
 *
 * @throws SyntaxError for text that is not JSON, or nested more than {@link JSON_DEPTH_MAX} deep.
 */
export function parseJson(text: string): ParsedJson {
  // First, because it is what bounds the depth of the value.
  const duplicates = duplicateKeys(text);
  return { value: JSON.parse(text), duplicates };
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
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Scans text for keys. Of text that is not JSON the result does not matter: `JSON.parse` refuses it. */
function duplicateKeys(text: string): readonly string[] {
  const duplicates = new Set<string>();
  const frames: Frame[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const top = frames.at(-1);
    if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (frames.length === JSON_DEPTH_MAX) throw new SyntaxError(`invalid character '${text[at]}' exceeded max depth`);
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
    }
  }
  return [...duplicates];
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
