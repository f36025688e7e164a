import { goQuote } from "../go-quote.ts";
import { setOwn } from "../own-property.ts";
import { isJsonObject } from "./json-object.ts";

/** A list or object of the patched document, in which an operation changes one part. */
export type Container = unknown[] | Record<string, unknown>;

/** The place that a JSON pointer names: a container, which exists, and a key in it, which may not. */
export interface Place {
  readonly container: Container;
  readonly key: string;
}

/** A key that the container does not have, in the words of upstream's JSON patch library. */
export class PointerError extends Error {
  override readonly name = "PointerError";
}

/**
 * Finds the place that a JSON pointer (RFC 6901) names, by own keys alone. `undefined` when the container is missing.
 *
 * As upstream: the text before the first slash is ignored, a negative index counts from the end, and a pointer without
 * a slash, which means the whole document, names no place.
 */
export function placeOf(document: Container, pointer: string): Place | undefined {
  const [, ...tokens] = pointer.split("/");
  const key = tokens.pop();
  if (key === undefined) return undefined;
  let container = document;
  for (const token of tokens) {
    const next = childOf(container, unescaped(token));
    if (!Array.isArray(next) && !isJsonObject(next)) return undefined;
    container = next;
  }
  return { container, key: unescaped(key) };
}

function childOf(container: Container, key: string): unknown {
  if (!Array.isArray(container)) return Object.hasOwn(container, key) ? container[key] : undefined;
  const index = indexOf(key);
  return typeof index === "number" ? container.at(index) : undefined;
}

/** Reads the value at a place. A missing key of an object is `undefined`. @throws {PointerError} for a missing item. */
export function valueAt({ container, key }: Place): unknown {
  return Array.isArray(container) ? container[existing(container, key)] : childOf(container, key);
}

/** Sets the value of an existing item, or of a key of an object. @throws {PointerError} for a missing item. */
export function replaceAt({ container, key }: Place, value: unknown): void {
  if (Array.isArray(container)) container[existing(container, key)] = value;
  else setOwn(container, key, value);
}

/**
 * Inserts an item before the one at the place, or sets a key of an object. `-` is behind the last item.
 *
 * @returns how many items of a list had to move.
 * @throws {PointerError} for an index outside the list.
 */
export function addAt({ container, key }: Place, value: unknown): number {
  if (!Array.isArray(container)) {
    setOwn(container, key, value);
    return 0;
  }
  const index = key === "-" ? container.length : indexOf(key);
  if (typeof index !== "number") throw new PointerError(`value was not a proper array index: '${key}': ${index.error}`);
  const at = inside(index, container.length + 1);
  container.splice(at, 0, value);
  return container.length - at;
}

/** Removes an item or key. @returns how many items of a list had to move. @throws {PointerError} when it is missing. */
export function removeAt({ container, key }: Place): number {
  if (Array.isArray(container)) {
    const at = existing(container, key);
    container.splice(at, 1);
    return container.length - at;
  }
  if (!Object.hasOwn(container, key)) throw new PointerError(`Unable to remove nonexistent key: ${key}: missing value`);
  delete container[key];
  return 0;
}

function existing(list: readonly unknown[], key: string): number {
  const index = indexOf(key);
  if (typeof index !== "number") throw new PointerError(index.error);
  return inside(index, list.length);
}

function inside(index: number, length: number): number {
  const at = index < 0 ? index + length : index;
  if (at >= 0 && at < length) return at;
  throw new PointerError(`Unable to access invalid index: ${index}: invalid index referenced`);
}

/** Go's `strconv.Atoi`: a sign and leading zeros are allowed. */
function indexOf(key: string): number | { readonly error: string } {
  const failed = (why: string) => ({ error: `strconv.Atoi: parsing ${goQuote(key)}: ${why}` });
  if (!/^[+-]?\d+$/.test(key)) return failed("invalid syntax");
  const index = Number(key);
  return Number.isSafeInteger(index) ? index : failed("value out of range");
}

/** In this order, so that `~01` is `~1` and not a slash. */
function unescaped(token: string): string {
  return token.replaceAll("~1", "/").replaceAll("~0", "~");
}
