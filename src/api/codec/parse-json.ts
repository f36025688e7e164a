/** What {@link parseJson} found. */
export interface ParsedJson {
  readonly value: unknown;
  /** Paths of object keys that occur more than once, in the order of the text: `spec.ports[0].name`. The last one counts. */
  readonly duplicates: readonly string[];
}

/**
 * Parses JSON text and names the keys that stand there twice, which `JSON.parse` takes in silence.
 *
 * @throws SyntaxError for text that is not JSON.
 */
export function parseJson(text: string): ParsedJson {
  return { value: JSON.parse(text), duplicates: duplicateKeys(text) };
}

/** An object or a list that the scan is inside of. */
interface Frame {
  /** The keys seen so far; absent for a list. */
  readonly seen: Set<string> | undefined;
  /** What the container itself is called in a path. */
  readonly path: string;
  /** The current key or index. */
  key: string;
  index: number;
}

/** Scans text that `JSON.parse` took: whatever is not a string or a bracket can be skipped. */
function duplicateKeys(text: string): string[] {
  const duplicates: string[] = [];
  const frames: Frame[] = [];
  for (let at = 0; at < text.length; at++) {
    const top = frames.at(-1);
    switch (text[at]) {
      case "{":
        frames.push({ seen: new Set(), path: pathOf(top), key: "", index: 0 });
        break;
      case "[":
        frames.push({ seen: undefined, path: pathOf(top), key: "", index: 0 });
        break;
      case "}":
      case "]":
        frames.pop();
        break;
      case ",":
        if (top !== undefined) top.index++;
        break;
      case '"': {
        const end = stringEnd(text, at);
        if (top?.seen !== undefined && followedByColon(text, end)) {
          top.key = JSON.parse(text.slice(at, end));
          if (top.seen.has(top.key)) duplicates.push(pathOf(top));
          top.seen.add(top.key);
        }
        at = end - 1;
        break;
      }
    }
  }
  return [...new Set(duplicates)];
}

function pathOf(frame: Frame | undefined): string {
  if (frame === undefined) return "";
  if (frame.seen === undefined) return `${frame.path}[${frame.index}]`;
  return frame.path === "" ? frame.key : `${frame.path}.${frame.key}`;
}

/** The position behind the closing quote of the string that starts at `start`. */
function stringEnd(text: string, start: number): number {
  let end = start;
  do {
    end = text.indexOf('"', end + 1);
  } while (isEscaped(text, end));
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === "\\") backslashes++;
  return backslashes % 2 === 1;
}

function followedByColon(text: string, from: number): boolean {
  let at = from;
  while (text[at] === " " || text[at] === "\n" || text[at] === "\t" || text[at] === "\r") at++;
  return text[at] === ":";
}
