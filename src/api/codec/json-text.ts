import { isJsonNumber } from "./json-number.ts";

/** A list or object whose parts still have to be written. */
interface Unfinished {
  readonly parts: readonly (readonly [key: string, value: unknown])[];
  readonly close: "]" | "}";
  /** Index of the next part. */
  next: number;
}

/**
 * Writes a JSON value as `JSON.stringify` does.
 *
 * Works without recursion: clients may nest values deeper than the stack that `JSON.stringify` has.
 */
export function jsonText(value: unknown): string {
  const pieces: string[] = [];
  const unfinished: Unfinished[] = [];
  const write = (item: unknown) => {
    if (Array.isArray(item)) {
      pieces.push("[");
      unfinished.push({ parts: item.map((inner) => ["", inner] as const), close: "]", next: 0 });
    } else if (typeof item === "object" && item !== null && !isJsonNumber(item)) {
      pieces.push("{");
      const parts = Object.entries(item).map(([key, inner]) => [`${JSON.stringify(key)}:`, inner] as const);
      unfinished.push({ parts, close: "}", next: 0 });
    } else pieces.push(JSON.stringify(item) ?? "null");
  };
  write(value);
  for (let top = unfinished.at(-1); top !== undefined; top = unfinished.at(-1)) {
    const part = top.parts[top.next];
    if (part === undefined) {
      pieces.push(top.close);
      unfinished.pop();
      continue;
    }
    if (top.next > 0) pieces.push(",");
    top.next++;
    pieces.push(part[0]);
    write(part[1]);
  }
  return pieces.join("");
}

/**
 * Returns how deep lists and objects are nested in a JSON value: 0 for a scalar, 1 for `[]`.
 *
 * @param limit - Levels behind it are not looked at. Default: none.
 */
export function jsonDepth(value: unknown, limit = Number.POSITIVE_INFINITY): number {
  let level: readonly unknown[] = [value];
  for (let depth = 0; ; depth++) {
    const containers = level.filter((item) => typeof item === "object" && item !== null && !isJsonNumber(item));
    if (containers.length === 0 || depth > limit) return depth;
    level = containers.flatMap((container) => Object.values(container as object));
  }
}
