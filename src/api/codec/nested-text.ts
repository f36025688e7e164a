import { isJsonNumber } from "./json-number.ts";

/** A notation for JSON values. */
export interface Notation {
  /** What stands before and behind the items of a list. */
  readonly list: readonly [open: string, close: string];
  /** What stands before and behind the entries of an object. */
  readonly object: readonly [open: string, close: string];
  /** What stands between two items or entries. */
  readonly separator: string;
  /** Whether the entries of an object are sorted by key. */
  readonly sorts: boolean;
  /** Returns what stands before the value of an entry. */
  key(name: string): string;
  /** Returns the text of a value that is no list and no object. */
  scalar(value: unknown): string;
}

/** A list or object whose parts still have to be written. */
interface Unfinished {
  readonly parts: readonly (readonly [key: string, value: unknown])[];
  readonly close: string;
  /** Index of the next part. */
  next: number;
}

/**
 * Writes a JSON value in a notation.
 *
 * Works without recursion, and copies each part of the text once: clients may nest values deeper than the stack allows.
 */
export function nestedText(value: unknown, notation: Notation): string {
  const pieces: string[] = [];
  const unfinished: Unfinished[] = [];
  const write = (item: unknown) => {
    if (Array.isArray(item)) {
      const [open, close] = notation.list;
      pieces.push(open);
      unfinished.push({ parts: item.map((inner) => ["", inner] as const), close, next: 0 });
    } else if (typeof item === "object" && item !== null && !isJsonNumber(item)) {
      const [open, close] = notation.object;
      pieces.push(open);
      unfinished.push({ parts: entriesOf(item, notation), close, next: 0 });
    } else pieces.push(notation.scalar(item));
  };
  write(value);
  for (let top = unfinished.at(-1); top !== undefined; top = unfinished.at(-1)) {
    const part = top.parts[top.next];
    if (part === undefined) {
      pieces.push(top.close);
      unfinished.pop();
      continue;
    }
    if (top.next > 0) pieces.push(notation.separator);
    top.next++;
    pieces.push(part[0]);
    write(part[1]);
  }
  return pieces.join("");
}

function entriesOf(object: object, { sorts, key }: Notation): Unfinished["parts"] {
  const entries = Object.entries(object);
  if (sorts) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, inner]) => [key(name), inner] as const);
}
